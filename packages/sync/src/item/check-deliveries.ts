import type { Finding } from '../finding.js';
import type { TreeChange } from '../ports.js';
import type { Selection } from '../source/select-deliveries.js';
import { foldersOf } from '../target/tree-view.js';

/**
 * Checks the symbolic links of a selection: each must lead to something that is delivered to the same
 * target, relative to where the link itself is delivered.
 *
 * @param otherPaths paths that other rules bring to the same target
 * @param read the content of a source blob
 * @returns what leads elsewhere, and the paths of other rules that links lead to
 */
export async function checkSymlinks(
  { deliveries, byPath }: Selection,
  otherPaths: () => Iterable<string>,
  read: (oid: string) => Promise<Uint8Array>,
): Promise<{ findings: Finding[]; leansOn: string[] }> {
  const links = deliveries.filter(({ mode }) => mode === '120000');
  const findings: Finding[] = [];
  const leansOn: string[] = [];
  if (links.length === 0) return { findings, leansOn };
  const others = new Set(otherPaths());
  const folders = foldersOf(byPath.keys());
  const otherFolders = foldersOf(others);
  for (const { path, source, oid } of links) {
    const target = new TextDecoder().decode(await read(oid));
    const resolved = resolveLink(path, target);
    if (resolved !== undefined) {
      if (byPath.has(resolved) || folders.has(resolved)) continue;
      if (others.has(resolved) || otherFolders.has(resolved)) {
        leansOn.push(resolved);
        continue;
      }
    }
    findings.push({
      ruleId: 'delivery/symlink-outside',
      severity: 'error',
      path: source,
      message: `is a symbolic link to ${JSON.stringify(target)}, which is not delivered with it; deliver what it points to, or exclude it`,
      data: { deliveredPath: path, target },
    });
  }
  return { findings, leansOn };
}

/** The path that a link leads to; undefined when it leaves the repository. */
function resolveLink(path: string, target: string): string | undefined {
  if (target.startsWith('/') || /^[a-z]:|\\/i.test(target)) return undefined;
  const segments = path.split('/').slice(0, -1);
  for (const segment of target.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\n';
const LFS_POINTER_SIZE = 1024;

/** Notices files whose real content lies in another place: a Git LFS pointer is delivered as the pointer that it is. */
export function checkDeliveredContent(changes: readonly TreeChange[]): Finding[] {
  return changes.flatMap((change) => {
    if (!('content' in change) || change.content.length > LFS_POINTER_SIZE) return [];
    const head = new TextDecoder().decode(change.content.subarray(0, LFS_POINTER.length));
    if (head !== LFS_POINTER) return [];
    return [
      {
        ruleId: 'delivery/lfs-pointer',
        severity: 'warning' as const,
        path: change.path,
        message:
          'is a Git LFS pointer: the pointer is delivered, not the file behind it; make sure that the target has the object, or exclude it',
      },
    ];
  });
}
