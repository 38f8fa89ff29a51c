import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The server that the README's code starts, where it is not installed beside it. */
export function prepareReadme(folder) {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return;
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), modules);
}
