import type { SkillDescription } from '@holdfast/skill-sync';
import { dim, green, red, yellow } from '../markup.js';
import { renderFinding } from './findings.js';
import { renderTable } from './table.js';
import { count, text } from './words.js';

const states: Record<SkillDescription['state'], string> = {
  current: green('current'),
  stale: yellow('stale'),
  edited: yellow('edited by hand'),
  missing: yellow('missing'),
  'never-made': dim('never made'),
  invalid: red('invalid'),
};

/** The skills, one output a line, and what is wrong with them. */
export function renderSkills(
  skills: readonly SkillDescription[],
  findings: SkillDescription['findings'],
): string {
  if (skills.length === 0 && findings.length === 0) {
    return 'No skill with a SYNC.json was found.\n';
  }
  const rows = skills.flatMap(({ name, outputs, patterns, lastRun, state }) => {
    const shown = outputs.length > 0 ? outputs : [{ file: '', state }];
    return shown.map((output, index) => [
      index === 0 ? name : '',
      output.file,
      index === 0 ? patterns.join(', ') : '',
      index === 0 ? (lastRun ?? 'never') : '',
      states[output.state],
    ]);
  });
  const wrong = [...findings, ...skills.flatMap((skill) => skill.findings)];
  return text([
    ...renderTable(['SKILL', 'OUTPUT', 'PATTERNS', 'LAST RUN', 'STATE'], rows),
    ...(wrong.length > 0 ? ['', ...wrong.map(renderFinding)] : []),
  ]);
}

/** What is wrong with skills, or that nothing is. */
export function renderValidated(
  skills: readonly { readonly skill: string; readonly findings: SkillDescription['findings'] }[],
  findings: SkillDescription['findings'],
): string {
  const all = [...findings, ...skills.flatMap((skill) => skill.findings)];
  const errors = all.filter(({ severity }) => severity === 'error').length;
  return text([
    ...all.map(renderFinding),
    `${count(skills.length, 'skill')}: ${count(errors, 'error')}, ${count(all.length - errors, 'warning')}`,
  ]);
}
