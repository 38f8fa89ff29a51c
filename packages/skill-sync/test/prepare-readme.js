import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The skill that the README shows, as its snippet finds it. */
export function prepareReadme(folder) {
  const skill = join(folder, 'skills/structured-notes');
  mkdirSync(skill, { recursive: true });
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(skill, 'SYNC.json'), block('json').replace('DATA', join(folder, 'data')));
  writeFileSync(join(skill, 'notes.liquid'), block('liquid'));
}

function block(language) {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)[1];
}
