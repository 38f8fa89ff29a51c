// Generates the skill of a workspace, and ends this process at the nth change of the file system.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type * as Promises from 'node:fs/promises';

const promises = createRequire(import.meta.url)('node:fs/promises') as Record<string, unknown>;
let left = Number(process.argv[2]);
for (const name of ['open', 'rename', 'mkdir', 'rm', 'chmod'] satisfies (keyof typeof Promises)[]) {
  const original = promises[name] as (...words: unknown[]) => unknown;
  promises[name] = (...words: unknown[]) => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return original(...words);
  };
}
syncBuiltinESMExports();

const { discoverSkills, generateSkill, openStore } = await import('../../src/index.js');
const { WORK: cwd = '', STORE: file = '', COMMAND = '[]', PATH } = process.env;
const { skills } = await discoverSkills({
  cwd,
  outputRoots: [`${cwd}/data`],
  uid: process.getuid?.(),
});
const skill = skills.find(({ name }) => name === 'k');
if (!skill) throw new Error('no skill k');
await generateSkill(skill, {
  store: openStore(file, { access: 'read' }),
  location: { file, kind: 'named' },
  command: JSON.parse(COMMAND) as string[],
  environment: { PATH },
});
process.exit(0);
