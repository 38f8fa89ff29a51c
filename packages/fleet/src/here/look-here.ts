import { hashBlob, parseManifest, ruleStatePaths } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import { lookInTarget } from '@holdfast/sync';
import type { TargetFile, TargetFiles } from '@holdfast/sync';
import { folderOf } from '../files/target-folder.js';
import type { TargetTree } from '../files/target-folder.js';
import { lookUp, readFromDisk } from '../files/work-tree.js';
import { FleetError } from '../fleet-error.js';

/** What one rule delivered to the target around, and what became of it. */
export interface DeliveredRule {
  readonly namespace: string;
  readonly manifest: Manifest;
  readonly files: readonly TargetFile[];
  /** A rollback holds it: no release that is older comes again. */
  readonly held: boolean;
}

/**
 * Compares the files of a work tree with the manifests of its last syncs; neither the source nor its
 * rules are needed.
 *
 * @throws FleetError `bad-manifest` with its findings
 */
export async function lookHere({ root, namespaces }: TargetTree): Promise<DeliveredRule[]> {
  const folder = folderOf(root);
  const rules: DeliveredRule[] = [];
  for (const namespace of namespaces) {
    const overrides = await folder.list(`.${namespace}-overrides/`);
    const state = await folder.list(`.${namespace}-sync-state/`);
    for (const file of state) {
      const [, rule = ''] = file.split('/', 2);
      const paths = ruleStatePaths(namespace, rule);
      if (paths.manifest !== file) continue;
      const content = await folder.read(file);
      const manifest = readManifest(content ?? new Uint8Array(), file);
      const files = await lookInTarget(
        manifest,
        readEntries(root, [...manifest.files.keys(), ...overrides]),
        { namespace },
      );
      rules.push({ namespace, manifest, files, held: state.includes(`${paths.state}/hold.json`) });
    }
  }
  return rules;
}

function readManifest(content: Uint8Array, file: string): Manifest {
  const parsed = parseManifest(new TextDecoder().decode(content), { file });
  if (parsed.kind === 'parsed') return parsed.value;
  throw new FleetError('bad-manifest', `${file} cannot be read`, {
    blame: 'repository',
    findings: parsed.findings,
    hint: `restore the file from an earlier commit: git log -- ${file}`,
  });
}

/** What lies at paths of the disk. A file that cannot be read counts as changed. */
function readEntries(root: string, paths: readonly string[]): TargetFiles {
  const entries = new Map(
    paths.flatMap((path) => {
      const entry = lookUp(root, path);
      if (!entry) return [];
      const read = readFromDisk(root, entry);
      const oid = read.kind === 'read' ? hashBlob(read.content) : '0'.repeat(40);
      return [[path, { oid, mode: entry.mode }] as const];
    }),
  );
  return {
    entries,
    async read(path) {
      const entry = lookUp(root, path);
      const read = entry && readFromDisk(root, entry);
      return read?.kind === 'read' ? read.content : new Uint8Array();
    },
  };
}
