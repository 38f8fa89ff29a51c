import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { replaceFile } from '@holdfast/fleet';
import { CliError } from './cli-error.js';

/**
 * Replaces what stands in a file between `<!-- NAME -->` and `<!-- /NAME -->`, and nothing else. The
 * file is left alone where it says so already, and written whole or not at all.
 */
export async function writeBetweenMarkers(
  cwd: string,
  file: string,
  name: string,
  text: string,
): Promise<void> {
  const path = await realpath(resolve(cwd, file)).catch((cause: unknown) => {
    throw new CliError('file-missing', `--write: there is no file ${file}`, {
      cause,
      hint: `create it with two lines in it: <!-- ${name} --> and <!-- /${name} -->`,
    });
  });
  const before = await readFile(path, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = before.indexOf(start);
  const to = before.indexOf(end, from);
  const twice = before.indexOf(start, from + 1) !== -1 || before.indexOf(end, to + 1) !== -1;
  if (from === -1 || to === -1 || twice) {
    throw new CliError('bad-argument', `--write: ${file} must hold ${start} and ${end} once`, {
      hint: 'put both where the table is to stand, each on a line of its own, and run again',
    });
  }
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  const body = `\n\n${text.trim()}\n\n`.replaceAll('\n', newline);
  const after = before.slice(0, from + start.length) + body + before.slice(to);
  if (after !== before) await replaceFile(path, after);
}
