import { hashBlob, hashSha256 } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import type { LinkChange, NotApplied, Pipeline, TransformContext } from '@holdfast/transforms';
import type { Finding } from '../finding.js';
import type { FileMode, SourceRepository } from '../ports.js';
import { BoundedMap, remember } from '../remember.js';
import { createContentReader } from './contents.js';
import type { ContentStore } from './contents.js';
import type { Delivery } from './select-deliveries.js';

/** A delivery after its transforms: what lies in the target when it holds exactly what upstream delivers. */
export interface DerivedFile {
  readonly path: string;
  readonly source: string;
  /** The id of the source's blob. */
  readonly sourceOid: string;
  /** The id of the delivered content. */
  readonly oid: string;
  readonly mode: FileMode;
}

/** How one rule makes delivered files at one commit of the source. */
export interface Derivation {
  readonly pipeline: Pipeline;
  /** The context of a delivery, but for the paths of the file. */
  readonly context: Omit<TransformContext, 'sourcePath' | 'targetPath'>;
  /** Digest of everything that the transforms depend on beside the file: the manifest's `transforms_digest`. */
  readonly digest: string;
}

/** Derives delivered files for a whole run: each source file is read and transformed at most once. */
export interface Deriver {
  derive(delivery: Delivery, derivation: Derivation): Promise<DerivedFile>;
  /** Reads and transforms in one go what {@link derive} will be asked for. */
  prefetch(deliveries: readonly Delivery[], derivation: Derivation): Promise<void>;
  /** The delivered content. */
  content(file: DerivedFile, derivation: Derivation): Promise<Uint8Array>;
  /** A blob of the source, as it is. */
  source(oid: string): Promise<Uint8Array>;
  /** SHA-256 of the delivered content, in hexadecimal. */
  sha256(file: DerivedFile, derivation: Derivation): Promise<string>;
  /** SHA-256 of what a second, independent derivation yields: equal, unless a transform is not deterministic. */
  deriveAgain(delivery: Delivery, derivation: Derivation): Promise<string>;
  /** What the transforms did to a file that was derived here; undefined when it passed them by. */
  report(delivery: Delivery, derivation: Derivation): TransformReport | undefined;
}

/** What the transforms did to one file. */
export interface TransformReport {
  /** The id of the delivered content. */
  readonly oid: string;
  readonly findings: readonly Finding[];
  /** Names of the transforms that changed the content, in order. */
  readonly applied: readonly string[];
  /** Every link that was decided about. */
  readonly links: readonly LinkChange[];
  /** Steps that cannot be reversed for this file. */
  readonly irreversible: readonly string[];
  /** Steps that passed the file by, and why. */
  readonly notApplied: readonly NotApplied[];
}

/** Of so many files it is remembered what became of them, whatever the target. */
const MAX_REMEMBERED = 50_000;

/** Creates the deriver of a run over one source repository. */
export function createDeriver(source: SourceRepository, contents: ContentStore): Deriver {
  const sources = createContentReader(source, contents);
  const transformed = new BoundedMap<string, TransformReport>(MAX_REMEMBERED);
  /** Of one derivation, which is that of one target, nothing is forgotten before it goes itself. */
  const reports = new WeakMap<Derivation, Map<string, TransformReport>>();
  const checksums = new BoundedMap<string, string>(MAX_REMEMBERED);
  const secondChecksums = new BoundedMap<string, string>(MAX_REMEMBERED);

  function contextOf(delivery: Delivery | DerivedFile, { context }: Derivation): TransformContext {
    return { ...context, sourcePath: delivery.source, targetPath: delivery.path };
  }

  function keyOf(sourceOid: string, file: Delivery | DerivedFile, derivation: Derivation): string {
    return derivation.pipeline.memoKey(sourceOid, contextOf(file, derivation));
  }

  async function transform(
    sourceOid: string,
    file: Delivery | DerivedFile,
    derivation: Derivation,
  ): Promise<Uint8Array> {
    const content = await sources.read(sourceOid);
    const { path, mode } = file;
    const result = derivation.pipeline.apply({ path, content, mode }, contextOf(file, derivation));
    const key = keyOf(sourceOid, file, derivation);
    if (result.kind === 'failed') {
      const nothing = { applied: [], links: [], irreversible: [], notApplied: [] };
      transformed.set(key, { oid: sourceOid, findings: result.findings, ...nothing });
      return content;
    }
    const { content: output, findings, applied, links, notApplied } = result;
    const oid = result.kind === 'unchanged' ? sourceOid : hashBlob(output);
    const check = derivation.pipeline.checkReverse(
      { path, content, mode },
      contextOf(file, derivation),
    );
    const irreversible = check.kind === 'irreversible' ? check.steps : [];
    transformed.set(key, { oid, findings, applied, links, irreversible, notApplied });
    contents.set(oid, output);
    return output;
  }

  async function derive(delivery: Delivery, derivation: Derivation): Promise<DerivedFile> {
    const { path, source, oid: sourceOid, mode } = delivery;
    if (isPassedThrough(delivery, derivation))
      return { path, source, sourceOid, oid: sourceOid, mode };
    const key = keyOf(sourceOid, delivery, derivation);
    if (!transformed.has(key)) await transform(sourceOid, delivery, derivation);
    const report = transformed.get(key) as TransformReport;
    remember(reports, derivation, () => new Map<string, TransformReport>()).set(key, report);
    return { path, source, sourceOid, oid: report.oid, mode };
  }

  async function prefetch(deliveries: readonly Delivery[], derivation: Derivation) {
    const missing = deliveries.filter(
      (delivery) =>
        isPassedThrough(delivery, derivation) ||
        !transformed.has(keyOf(delivery.oid, delivery, derivation)),
    );
    await sources.prefetch(missing.map(({ oid }) => oid));
  }

  async function content(file: DerivedFile, derivation: Derivation): Promise<Uint8Array> {
    if (isPassedThrough(file, derivation)) return sources.read(file.sourceOid);
    return contents.get(file.oid) ?? transform(file.sourceOid, file, derivation);
  }

  async function sha256(file: DerivedFile, derivation: Derivation): Promise<string> {
    const known = checksums.get(file.oid);
    if (known) return known;
    const checksum = hashSha256(await content(file, derivation));
    checksums.set(file.oid, checksum);
    return checksum;
  }

  async function deriveAgain(delivery: Delivery, derivation: Derivation): Promise<string> {
    const { path, oid, mode } = delivery;
    const passed = isPassedThrough(delivery, derivation);
    const key = passed ? oid : keyOf(oid, delivery, derivation);
    const known = secondChecksums.get(key);
    if (known) return known;
    const content = await sources.read(oid);
    const result = passed
      ? undefined
      : derivation.pipeline.apply({ path, content, mode }, contextOf(delivery, derivation));
    const output = result && result.kind !== 'failed' ? result.content : content;
    const checksum = hashSha256(output);
    secondChecksums.set(key, checksum);
    return checksum;
  }

  function report(delivery: Delivery, derivation: Derivation): TransformReport | undefined {
    if (isPassedThrough(delivery, derivation)) return undefined;
    return reports.get(derivation)?.get(keyOf(delivery.oid, delivery, derivation));
  }

  return {
    derive,
    prefetch,
    content,
    source: (oid) => sources.read(oid),
    sha256,
    deriveAgain,
    report,
  };
}

/** Symbolic links, and everything under a rule without transforms, are delivered as they are. */
function isPassedThrough({ mode }: { mode: FileMode }, { pipeline }: Derivation): boolean {
  return pipeline.isIdentity || mode === '120000';
}

/**
 * What the manifest already says of a delivery: when the source blob and the transforms are those of
 * the last sync, so is the delivered content, and nothing needs to be read.
 */
export function deriveFromManifest(
  { path, source, oid: sourceOid, mode }: Delivery,
  { digest }: Derivation,
  manifest: Manifest | undefined,
): DerivedFile | undefined {
  if (!manifest) return undefined;
  const record = manifest.files.get(path);
  if (!record || manifest.transforms_digest !== digest || record.source !== source)
    return undefined;
  const oid = record.base_oid ?? record.oid;
  if ((record.source_oid ?? oid) !== sourceOid) return undefined;
  return { path, source, sourceOid, oid, mode };
}
