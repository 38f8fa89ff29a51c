import { execFileSync } from 'node:child_process';

/** The different versions of each file in a repository, by path; the oldest first. */
export function fileVersions(repository: string): Map<string, Uint8Array[]> {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1 << 28 });
  const versions = new Map<string, Set<string>>();
  for (const commit of git('rev-list', '--all', '--reverse').toString().split('\n')) {
    if (commit === '') continue;
    for (const entry of git('ls-tree', '-r', '-z', commit).toString().split('\0')) {
      const match = /^100\d{3} blob (\w+)\t([^]*)$/.exec(entry);
      if (match === null) continue;
      const [, oid = '', path = ''] = match;
      const seen = versions.get(path) ?? new Set();
      versions.set(path, seen.add(oid));
    }
  }
  return new Map(
    [...versions].map(([path, oids]) => [
      path,
      [...oids].map((oid) => git('cat-file', 'blob', oid)),
    ]),
  );
}

/** Every way to take three different versions as base, ours and theirs; ours and theirs in both orders. */
export function* triples<T>(versions: readonly T[]): Generator<{ base: T; ours: T; theirs: T }> {
  for (const base of versions) {
    for (const ours of versions) {
      for (const theirs of versions) {
        if (base !== ours && base !== theirs && ours !== theirs) yield { base, ours, theirs };
      }
    }
  }
}
