import type { Finding } from '@holdfast/findings';
import {
  applyEdits,
  composeMaps,
  decodeText,
  digestOf,
  encodeText,
  mapEdits,
  mapToSource,
  type SourceMap,
  indexLines,
  type LineIndex,
} from '@holdfast/text';
import { createSteps } from './create-steps.js';
import { fileKind, type FileKind } from './file-kind.js';
import type { PipelineSettings } from './pipeline-settings.js';
import { scanMarkdown, type DocumentScan } from './scan-markdown.js';
import type {
  ApplyResult,
  ContextPart,
  LocalFinding,
  LocatedLinkChange,
  NotApplied,
  NotAppliedReason,
  Transform,
  TransformContext,
  TransformFile,
  TransformInput,
} from './transform.js';

/** Counts up when the same settings and input give another output than in an earlier release. */
const outputVersion = 1;

/** Files beyond this size, in bytes, pass through untouched. */
const largestFile = 32 * 2 ** 20;

/** What became of a reversed file; see {@link Pipeline.reverse}. */
export type ReverseResult =
  | { kind: 'reversed' | 'unchanged'; path: string; content: Uint8Array; edits: SourceMap }
  | { kind: 'irreversible'; steps: string[] }
  | { kind: 'failed'; path: string; findings: Finding[] };

/** A rule's transforms, ready to run on any number of files. */
export interface Pipeline {
  /** SHA-256 of all settings that the output depends on. */
  readonly digest: string;
  /** Whether every file stays as it is, so that none needs to be read. Paths may still change. */
  readonly isIdentity: boolean;
  /**
   * `source-change`: the output names the release, and stays as it was delivered for as long as the
   * source file's object id does (strategy `reference`).
   */
  readonly refresh: 'always' | 'source-change';
  /** In the order in which they run. */
  readonly steps: readonly Transform[];
  /** One line for each step. */
  describe(): string[];
  /**
   * Equal keys, equal results, for regular files: the object id, the digest, and all of the context that
   * matters. The mode is not in it.
   */
  memoKey(oid: string, context: TransformContext): string;
  /** A delivery's target path, as the pipeline renames it. */
  mapPath(targetPath: string): string;
  /** Transforms one file of the source. */
  apply(file: TransformFile, context: TransformContext): ApplyResult;
  /** Turns a delivered file, perhaps edited, back into what it would be in the source. */
  reverse(file: TransformFile, context: TransformContext): ReverseResult;
  /** Whether `reverse` gives back a file exactly, and if not, by which steps' fault. */
  checkReverse(
    file: TransformFile,
    context: TransformContext,
  ): { kind: 'reversible' } | { kind: 'irreversible'; steps: string[] };
}

/**
 * Makes a pipeline of a rule's settings.
 *
 * @throws TransformError `invalid-settings`, with the `keyPath` of what is wrong.
 */
export function createPipeline(settings: PipelineSettings): Pipeline {
  const { strategy = 'copy' } = settings;
  const { transforms: steps, renames } = createSteps(settings);
  const described = renames.map((rename) => rename.describe());
  const digests = steps.map((step) => step.digest);
  const digest = digestOf({ outputVersion, steps: digests, renames: described });
  const parts = [...new Set(steps.flatMap((step) => step.dependsOn))].sort();
  return {
    digest,
    isIdentity: steps.length === 0,
    steps,
    refresh: strategy === 'reference' ? 'source-change' : 'always',
    describe: () => [...steps.map((step) => step.describe()), ...described],
    memoKey: (oid, context) => (steps.length === 0 ? oid : memoKey(oid, digest, parts, context)),
    mapPath: (targetPath) => renames.reduce((path, rename) => rename.mapPath(path), targetPath),
    apply: (file, context) => {
      const result = applySteps(file, context, steps);
      return strategy === 'reference' ? refuseCopies(result, context) : result;
    },
    reverse: (file, context) => reverseSteps(file, context, steps),
    checkReverse: (file, context) => checkSteps(file, context, steps),
  };
}

/** A file's kind decides how it is treated, so it is in the key even where the paths are not. */
function memoKey(
  oid: string,
  digest: string,
  parts: readonly ContextPart[],
  context: TransformContext,
): string {
  const values = parts.flatMap((part) => readPart[part](context));
  return [oid, digest, fileKind(context.sourcePath), ...values].join('\0');
}

const readPart: Record<ContextPart, (context: TransformContext) => string[]> = {
  paths: ({ sourcePath, targetPath }) => [sourcePath, targetPath],
  links: ({ links }) => [links.digest],
  source: ({ source }) => [source.name, source.url ?? ''],
  version: ({ source }) => [source.version],
  commit: ({ source }) => [source.commit],
  target: ({ target }) => [target.repo, target.branch],
  rule: ({ ruleId }) => [ruleId],
  variables: ({ variables }) => [digestOf(variables)],
};

type Decoded = { kind: 'text'; text: string } | { kind: 'opaque'; reason: NotAppliedReason };

function decodeFile({ content, mode }: TransformFile): Decoded {
  if (mode !== '100644' && mode !== '100755')
    return { kind: 'opaque', reason: 'not-a-regular-file' };
  if (content.length > largestFile) return { kind: 'opaque', reason: 'too-large' };
  const text = decodeText(content);
  return text === undefined ? { kind: 'opaque', reason: 'not-utf8' } : { kind: 'text', text };
}

function createInput(text: string, kind: FileKind): TransformInput {
  let known: DocumentScan | undefined;
  return { text, kind, scan: () => (known ??= scanMarkdown(text)) };
}

function applySteps(
  file: TransformFile,
  context: TransformContext,
  steps: readonly Transform[],
): ApplyResult {
  const { mode, content } = file;
  const path = context.targetPath;
  const decoded = decodeFile(file);
  if (decoded.kind === 'opaque') {
    const notApplied = steps.map(({ name }) => ({ name, reason: decoded.reason }));
    const nothing = { findings: [], applied: [], edits: [], links: [] };
    return { kind: 'unchanged', path, content, mode, notApplied, ...nothing };
  }
  const original = decoded.text;
  const kind = fileKind(context.sourcePath);
  const index = indexLines(original);
  const findings: Finding[] = [];
  const applied: string[] = [];
  const notApplied: NotApplied[] = [];
  const links: LocatedLinkChange[] = [];
  let map: SourceMap = [];
  let text = original;

  let input = createInput(text, kind);
  for (const step of steps) {
    const result = step.transform(input, context);
    for (const finding of result.findings ?? []) {
      findings.push(locate(finding, map, index, context.sourcePath));
    }
    if (result.kind === 'failed') return { kind: 'failed', path, findings: findings.sort(byPlace) };
    if (result.kind === 'not-applied') {
      notApplied.push({ name: step.name, reason: result.reason });
      continue;
    }
    for (const link of result.links ?? []) {
      const span = mapToSource(map, link);
      links.push({ ...link, ...span, range: index.rangeAt(span.start, span.end) });
    }
    if (result.edits.length === 0) continue;
    text = applyEdits(text, result.edits);
    input = createInput(text, kind);
    map = composeMaps(map, mapEdits(result.edits));
    applied.push(step.name);
  }
  findings.sort(byPlace);
  const common = { path, mode, findings, applied, notApplied, edits: map, links };
  if (text === original) return { kind: 'unchanged', content, ...common };
  return { kind: 'transformed', content: encodeText(text), ...common };
}

/** A file that no stub can stand for must not be delivered whole instead. */
function refuseCopies(result: ApplyResult, { sourcePath }: TransformContext): ApplyResult {
  if (result.kind === 'failed') return result;
  const refusal = result.notApplied.find(({ name }) => name === 'reference');
  if (refusal === undefined) return result;
  const finding: Finding = {
    ruleId: 'transforms/no-stub',
    severity: 'error',
    message: `no stub can stand for ${sourcePath}, which is no UTF-8 text; exclude it from the rule`,
    path: sourcePath,
    data: { reason: refusal.reason },
  };
  return { kind: 'failed', path: result.path, findings: [finding] };
}

function locate(
  { start, end = start, ...finding }: LocalFinding,
  map: SourceMap,
  index: LineIndex,
  path: string,
): Finding {
  if (start === undefined || end === undefined) return { ...finding, path };
  const span = mapToSource(map, { start, end });
  return { ...finding, path, range: index.rangeAt(span.start, span.end) };
}

function byPlace(a: Finding, b: Finding): number {
  const left = a.range?.start ?? { line: 0, column: 0 };
  const right = b.range?.start ?? { line: 0, column: 0 };
  return left.line - right.line || left.column - right.column;
}

function reverseSteps(
  file: TransformFile,
  context: TransformContext,
  steps: readonly Transform[],
): ReverseResult {
  const path = context.sourcePath;
  const decoded = decodeFile(file);
  if (decoded.kind === 'opaque') {
    return { kind: 'unchanged', path, content: file.content, edits: [] };
  }
  const index = indexLines(decoded.text);
  const kind = fileKind(path);
  let text = decoded.text;
  let map: SourceMap = [];
  const missing = steps.filter((step) => step.reverse === undefined).map((step) => step.name);
  if (missing.length > 0) return { kind: 'irreversible', steps: missing };
  for (const step of steps.toReversed()) {
    const result = step.reverse?.(createInput(text, kind), context);
    if (result === undefined || result.kind === 'not-applied') continue;
    if (result.kind === 'failed') {
      const findings = result.findings.map((finding) => locate(finding, map, index, file.path));
      return { kind: 'failed', path, findings };
    }
    text = applyEdits(text, result.edits);
    map = composeMaps(map, mapEdits(result.edits));
  }
  if (text === decoded.text) return { kind: 'unchanged', path, content: file.content, edits: map };
  return { kind: 'reversed', path, content: encodeText(text), edits: map };
}

/** Each step is checked on its own input, so that the fault is named where it lies. */
function checkSteps(
  file: TransformFile,
  context: TransformContext,
  steps: readonly Transform[],
): { kind: 'reversible' } | { kind: 'irreversible'; steps: string[] } {
  const decoded = decodeFile(file);
  if (decoded.kind === 'opaque') return { kind: 'reversible' };
  const kind = fileKind(context.sourcePath);
  const faulty: string[] = [];
  let text = decoded.text;
  for (const step of steps) {
    const result = step.transform(createInput(text, kind), context);
    if (result.kind !== 'edited' || result.edits.length === 0) continue;
    const forward = applyEdits(text, result.edits);
    const back = step.reverse?.(createInput(forward, kind), context);
    if (back?.kind !== 'edited' || applyEdits(forward, back.edits) !== text) faulty.push(step.name);
    text = forward;
  }
  return faulty.length === 0 ? { kind: 'reversible' } : { kind: 'irreversible', steps: faulty };
}
