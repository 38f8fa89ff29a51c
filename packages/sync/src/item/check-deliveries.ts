import type { Finding } from '../finding.js';
import type { TreeChange } from '../ports.js';
import type { OtherDeliveries, Selection } from '../source/select-deliveries.js';
import { foldersOf } from '../target/tree-view.js';

/**
 * Checks the symbolic links of a selection: each must lead to something that is delivered to the same
 * target, relative to where the link itself is delivered.
 *
 * @param otherDeliveries paths that other rules deliver to the same target
 * @param read the content of a source blob
 */
export async function checkSymlinks(
  { deliveries, byPath }: Selection,
  otherDeliveries: OtherDeliveries,
  read: (oid: string) => Promise<Uint8Array>,
): Promise<Finding[]> {
  const links = deliveries.filter(({ mode }) => mode === '120000');
  if (links.length === 0) return [];
  const folders = foldersOf([...byPath.keys(), ...otherDeliveries.paths()]);
  const findings: Finding[] = [];
  for (const { path, source, oid } of links) {
    const target = new TextDecoder().decode(await read(oid));
    const resolved = resolveLink(path, target);
    const inside =
      resolved !== undefined &&
      (byPath.has(resolved) || otherDeliveries.has(resolved) || folders.has(resolved));
    if (inside) continue;
    findings.push({
      ruleId: 'delivery/symlink-outside',
      severity: 'error',
      path: source,
      message: `is a symbolic link to ${JSON.stringify(target)}, which is not delivered with it; deliver what it points to, or exclude it`,
      data: { deliveredPath: path, target },
    });
  }
  return findings;
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
