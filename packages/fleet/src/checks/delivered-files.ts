import { parseManifest } from '@holdfast/manifest';
import type { Manifest, ManifestEntry } from '@holdfast/manifest';
import { overrideRootOf } from '@holdfast/sync';
import { checksumCheck, versionTagCheck } from '@holdfast/validation';
import type { Check, CheckInput, Finding } from '@holdfast/validation';
import { count } from '../count.js';
import type { LocalTree } from '../files/local-tree.js';

const MANIFEST = /^\.(?<namespace>[^/]+)-sync-state\/[^/]+\/manifest\.json$/;

/** A delivered file, and the manifest that records it. */
interface Delivered {
  readonly entry: ManifestEntry;
  readonly manifest: Manifest;
  readonly namespace: string;
}

/** What the manifests of a target's tree say that lies there. */
export interface DeliveredFiles {
  readonly byPath: ReadonlyMap<string, Delivered>;
  /** Files that hold what their override holds: the downstream's own, which the next sync takes up. */
  readonly overridden: ReadonlySet<string>;
  /** What is wrong with the manifests themselves. */
  readonly findings: readonly Finding[];
}

/** Paths of a target that hold state of Holdfast: nothing that people wrote, and links lead nowhere. */
export function isSyncState(path: string): boolean {
  return /^\.[^/]+-sync-state\/[^/]+\/base\//.test(path);
}

/** An override: its links are written for the place where the file is delivered. */
export function isOverride(path: string): boolean {
  return /^\.[^/]+-overrides\//.test(path);
}

/** Reads every manifest of a tree; undefined where there is none, so that it is no target's. */
export async function readDelivered(tree: LocalTree): Promise<DeliveredFiles | undefined> {
  const manifests = [...tree.entries.values()].filter(({ path }) => MANIFEST.test(path));
  if (manifests.length === 0) return undefined;
  const byPath = new Map<string, Delivered>();
  const findings: Finding[] = [];
  for (const found of manifests) {
    const content = await tree.read(found);
    if (content.kind === 'unreadable') {
      findings.push(content.finding);
      continue;
    }
    const text = new TextDecoder().decode(content.content);
    const parsed = parseManifest(text, { file: found.path });
    if (parsed.kind === 'invalid') for (const one of parsed.findings) findings.push(one);
    else {
      const manifest = parsed.value;
      const namespace = MANIFEST.exec(found.path)?.groups?.['namespace'] ?? '';
      for (const [path, entry] of manifest.files) byPath.set(path, { entry, manifest, namespace });
    }
  }
  return { byPath, findings, overridden: await findOverridden(tree, manifestsOf(byPath)) };
}

function manifestsOf(byPath: DeliveredFiles['byPath']): ReadonlyMap<Manifest, string> {
  return new Map([...byPath.values()].map(({ manifest, namespace }) => [manifest, namespace]));
}

/** The delivered files that are, byte for byte, what an override declares. */
async function findOverridden(
  tree: LocalTree,
  manifests: ReadonlyMap<Manifest, string>,
): Promise<Set<string>> {
  const overridden = new Set<string>();
  const overrides = new Set([...tree.entries.keys()].filter(isOverride));
  if (overrides.size === 0) return overridden;
  const content = async (path: string) => {
    const entry = tree.entries.get(path);
    const read = entry && (await tree.read(entry));
    return read?.kind === 'read' ? Buffer.from(read.content) : undefined;
  };
  for (const [manifest, namespace] of manifests) {
    const root = overrideRootOf(manifest, overrides, { namespace });
    for (const path of manifest.files.keys()) {
      const override = `.${namespace}-overrides/${path.slice(root.length)}`;
      if (!path.startsWith(root) || !overrides.has(override)) continue;
      const own = await content(override);
      if (own && (await content(path))?.equals(own)) overridden.add(path);
    }
  }
  return overridden;
}

/**
 * Compares delivered files with their manifests, by checksum. A file that the last sync left with
 * conflict markers is meant to be edited, and one that follows its override is the downstream's: they are not
 * compared.
 *
 * @param isMeant whether a path is part of what is validated: one that is and does not exist is missing
 */
export function deliveredCheck(
  { byPath, findings, overridden }: DeliveredFiles,
  isMeant: (path: string) => boolean,
): Check {
  const meant = [...byPath].filter(
    ([path, { entry }]) => !entry.conflict && !overridden.has(path) && isMeant(path),
  );
  const expected = new Map(meant.map(([path, { entry }]) => [path, entry.sha256]));
  const inner = checksumCheck({ expected });
  return {
    ...inner,
    async run(input) {
      const files = input.files.filter(({ path }) => expected.has(path));
      const result = await inner.run({ ...input, files });
      return {
        ...result,
        findings: [...findings, ...result.findings.map((finding) => explain(finding, byPath))],
      };
    },
  };
}

function explain(finding: Finding, byPath: DeliveredFiles['byPath']): Finding {
  const delivered = byPath.get(finding.path);
  if (!delivered) return finding;
  const { rule_id: rule, source_ref: version } = delivered.manifest;
  const words = finding.ruleId === 'checksum/missing' ? 'it is missing' : 'it was changed since';
  return {
    ...finding,
    message: `delivered by ${rule} at ${version}, and ${words}: ${finding.message}`,
    data: { ...finding.data, rule, version },
  };
}

/**
 * Compares the version tag that delivered files bear with the release of their manifest; whether a
 * file must bear one only its rule knows, so that one without is left alone.
 */
export function deliveredVersionCheck({ byPath }: DeliveredFiles): Check {
  return {
    ...versionTagCheck(),
    async run(input) {
      const files = input.files.filter(({ path }) => byPath.has(path));
      const findings: Finding[] = [];
      for (const [delivered, itsFiles] of groupByManifest(files, byPath)) {
        for (const one of await mismatches(delivered, { ...input, files: itsFiles }))
          findings.push(one);
      }
      const details = `${count(files.length, 'delivered file')}, ${count(findings.length, 'other version')}`;
      return { findings, details, skipped: files.length === 0 };
    },
  };
}

function groupByManifest(
  files: CheckInput['files'],
  byPath: DeliveredFiles['byPath'],
): [Delivered, CheckInput['files']][] {
  const groups = Map.groupBy(files, ({ path }) => byPath.get(path)?.manifest);
  return [...groups.values()].flatMap((group): [Delivered, CheckInput['files']][] => {
    const delivered = byPath.get(group[0]?.path ?? '');
    return delivered ? [[delivered, group]] : [];
  });
}

/** A tag names a release by its tag, and any other commit by its branch and short id. */
async function mismatches(
  { namespace, manifest: { source_ref: sourceVersion, source_commit: commit } }: Delivered,
  input: CheckInput,
): Promise<Finding[]> {
  const check = versionTagCheck({ key: `${namespace}_version` });
  const { findings } = await check.run({ ...input, sourceVersion });
  return findings.filter(
    ({ ruleId, data }) =>
      ruleId === 'version/mismatch' && !String(data?.['actual']).endsWith(commit.slice(0, 7)),
  );
}
