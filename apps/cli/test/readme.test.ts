import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createSyncedFleet, guide } from './sandbox.js';

const readme = fileURLToPath(new URL('../README.md', import.meta.url));

/** A block that begins with a command; what follows it is what the command prints. */
const CONSOLE = /```console\n\$ holdfast (.*)\n[^]*?```/g;

test('what the README shows is what the commands print, in its order', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('web.git', 'Ship', {
    'standards/guide.md': guide().replace('small', 'often'),
  });
  const text = await readFile(readme, 'utf8');
  let shown = '';
  let end = 0;
  for (const { index, 0: block, 1: command = '' } of text.matchAll(CONSOLE)) {
    const { stdout } = await sandbox.holdfast(command.split(' '));
    shown += `${text.slice(end, index)}\`\`\`console\n$ holdfast ${command}\n${stdout.trimEnd()}\n\`\`\``;
    end = index + block.length;
  }
  await expect(shown + text.slice(end)).toMatchFileSnapshot(readme);
});
