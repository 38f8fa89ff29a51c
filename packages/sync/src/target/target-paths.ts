import { findPathCollisions } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { Snapshot } from '../ports.js';
import { foldersOf } from './tree-view.js';

/**
 * Checks that files can be written at `added` paths of a target: no parent is a file, a symbolic link
 * or a submodule, no folder is in the way, and no name differs from one that is there only in case or
 * Unicode form. `removed` paths make room.
 */
export function checkTargetPaths(
  target: Snapshot,
  {
    added,
    removed,
    rule,
  }: { added: readonly string[]; removed: ReadonlySet<string>; rule: string },
): Finding[] {
  if (added.length === 0) return [];
  const remaining = [...target.entries.keys()].filter((path) => !removed.has(path));
  const folders = foldersOf(remaining);
  const fresh = new Set(added);
  const findings: Finding[] = [];
  const report = (ruleId: string, path: string, message: string) =>
    findings.push({ ruleId, severity: 'error', path, message, data: { rule } });

  for (const path of added) {
    const parent = ancestors(path).find((folder) => {
      const entry = target.entries.get(folder);
      return entry && !removed.has(folder);
    });
    if (parent !== undefined) {
      const mode = target.entries.get(parent)?.mode;
      const found =
        mode === '120000' ? 'a symbolic link' : mode === '160000' ? 'a submodule' : 'a file';
      report(
        'target/blocked-path',
        path,
        `cannot be written by ${rule}: ${parent} must be a folder in the target, but is ${found}; remove it there or change target_path`,
      );
    } else if (folders.has(path)) {
      report(
        'target/blocked-path',
        path,
        `cannot be written by ${rule}: a folder of that name is in the target; remove it there or change target_path`,
      );
    }
  }
  for (const { paths } of findPathCollisions([...remaining, ...added])) {
    const mine = paths.find((path) => fresh.has(path));
    const other = paths.find((path) => !fresh.has(path));
    if (!mine || !other || findings.some(({ path }) => paths.includes(path))) continue;
    report(
      'target/path-collision',
      mine,
      `cannot be written by ${rule}: ${JSON.stringify(other)} differs from it only in case or Unicode form, and many file systems hold only one of them; rename one`,
    );
  }
  return findings;
}

function ancestors(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}
