import { parseManifest, ruleStatePaths } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { Snapshot, SourceRepository } from '../ports.js';

/** The manifests of all rules in a tree; one that cannot be read is left out. */
export async function readManifests(
  { entries }: Snapshot,
  namespace: string,
  repository: Pick<SourceRepository, 'readBlob'>,
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { oid, path: file } of entries.values()) {
    const [, rule = ''] = file.split('/', 2);
    if (ruleStatePaths(namespace, rule).manifest !== file) continue;
    const text = new TextDecoder().decode(await repository.readBlob(oid));
    const parsed = parseManifest(text, { file });
    if (parsed.kind === 'parsed') manifests.push(parsed.value);
  }
  return manifests;
}
