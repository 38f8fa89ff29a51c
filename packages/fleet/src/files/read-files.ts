import type { Finding, ValidationFile } from '@holdfast/validation';
import { FleetError } from '../fleet-error.js';
import { isBinary } from './local-tree.js';
import type { LocalEntry, LocalTree } from './local-tree.js';

/** What the checks may hold in memory at once. */
const MAX_TOTAL_BYTES = 1024 * 1024 * 1024;

/** Of a binary file as much as tells that it is one. */
const HEAD_BYTES = 8000;

/** How many are under way at a time. */
const AT_ONCE = 16;

/** Files with their content, and what could not be read. */
export interface FilesRead {
  readonly files: ValidationFile[];
  readonly findings: Finding[];
}

/**
 * Reads entries of a tree; submodules have nothing to read. Of binary files only the head is kept,
 * unless `isNeededWhole` says otherwise.
 *
 * @throws FleetError `too-much` when the texts together exceed 1 GiB.
 */
export async function readFiles(
  tree: LocalTree,
  entries: Iterable<LocalEntry>,
  isNeededWhole: (path: string) => boolean = () => false,
): Promise<FilesRead> {
  const files: ValidationFile[] = [];
  const findings: Finding[] = [];
  let total = 0;
  const queue = [...entries].filter(({ mode }) => mode !== '160000').values();

  async function readNext(): Promise<void> {
    for (const entry of queue) {
      const result = await tree.read(entry);
      if (result.kind === 'unreadable') {
        findings.push(result.finding);
        continue;
      }
      const { path, mode } = entry;
      const whole = !isBinary(result.content) || isNeededWhole(path);
      const content = whole ? result.content : result.content.slice(0, HEAD_BYTES);
      total += content.length;
      if (total > MAX_TOTAL_BYTES) throw tooMuch(tree);
      files.push({ path, content, mode });
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  return { files, findings };
}

function tooMuch({ name }: LocalTree): FleetError {
  return new FleetError(
    'too-much',
    `the text in the ${name} exceeds 1 GiB, more than is checked at once`,
    {
      hint: 'name the folders to check, or leave some out: holdfast validate "!dumps/**"',
    },
  );
}
