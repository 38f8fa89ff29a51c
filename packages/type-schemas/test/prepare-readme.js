import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The types that the README's snippet derives schemas from. */
export function prepareReadme(folder) {
  mkdirSync(join(folder, 'types'));
  writeFileSync(
    join(folder, 'types/model.ts'),
    'export interface Model { name: string; size?: number }\n',
  );
}
