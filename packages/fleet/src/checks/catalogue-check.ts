import { CATALOGUE_MANIFEST, parseCatalogueManifest } from '@holdfast/manifest';
import type { CatalogueManifest, CatalogueTypeRecord } from '@holdfast/manifest';
import { catalogueLayout, checkReferences } from '@holdfast/sync';
import type { MeaningfulFile, ReferenceProblem } from '@holdfast/sync';
import { hashBlob, indexLines } from '@holdfast/text';
import type { Check, Finding } from '@holdfast/validation';
import { count } from '../count.js';
import type { LocalEntry, LocalTree } from '../files/local-tree.js';
import type { Subject } from './check-subject.js';
import type { LocalCatalogue } from './local-rules.js';

/**
 * Checks the catalogues that a subject touches, each as a whole: its manifest, what its models,
 * derivations and documents refer to, files that a pull left undecided, and the schemas of types. Where
 * only a change is checked, what is wrong with files that are just as they were pulled is a warning:
 * the source has it so.
 *
 * Findings: `catalogue/manifest`, `catalogue/unknown-reference`, `catalogue/undecided`,
 * `catalogue/schema-missing`, `catalogue/schema-edited`, `catalogue/schema-stale`.
 */
export function catalogueCheck(
  subject: Subject,
  catalogues: readonly LocalCatalogue[],
): Check | undefined {
  const touched = catalogues.filter(({ root }) => touches(subject, root));
  if (touched.length === 0) return undefined;
  return {
    id: 'catalogue_check',
    needs: [],
    failureAction: 'block',
    async run() {
      const findings: Finding[] = [];
      let files = 0;
      for (const catalogue of touched) {
        const checked = await checkCatalogue(subject, catalogue);
        for (const one of checked.findings) findings.push(one);
        files += checked.files;
      }
      const problems = findings.filter(({ severity }) => severity === 'error').length;
      return {
        findings,
        details: `${count(problems, 'problem')} in ${count(files, 'file')} of ${count(touched.length, 'catalogue')}`,
        skipped: files === 0,
      };
    },
  };
}

function touches({ tree, change, isMeant }: Subject, root: string): boolean {
  const paths = change ? [...change.present, ...change.removed] : tree.entries.keys();
  for (const path of paths) if (path.startsWith(root) && isMeant(path)) return true;
  return false;
}

interface Checked {
  readonly findings: readonly Finding[];
  readonly files: number;
}

async function checkCatalogue(subject: Subject, catalogue: LocalCatalogue): Promise<Checked> {
  const { tree, change } = subject;
  const { root, settings } = catalogue;
  const files = filesOf(tree, catalogue);
  const read = await readManifest(tree, root);
  if (read.kind === 'invalid') return { findings: read.findings, files: files.size };
  const { manifest } = read;
  const problems = await checkReferences(files);
  const edited = manifest && change ? await findEdited(files, manifest) : undefined;
  const references: Finding[] = [];
  for (const problem of problems) {
    const own = edited !== undefined && isOfSource(problem, edited);
    const range = await placeOf(problem, files);
    references.push({
      ruleId: 'catalogue/unknown-reference',
      severity: problem.kind === 'document' || own ? 'warning' : 'error',
      message: own ? `${problem.message}; the source has it so` : problem.message,
      path: root + problem.path,
      ...(range ? { range } : {}),
    });
  }
  const isTold = ({ path }: Finding) => change !== undefined || isAsked(subject, root, path);
  return {
    findings: [
      ...references.filter(isTold),
      ...(manifest ? await findUndecided(tree, root, manifest) : []).filter(isTold),
      ...(settings.validation.types
        ? await checkTypes(tree, root, settings.validation.types.to, manifest)
        : []),
    ],
    files: files.size,
  };
}

/** Where a file refers to what is not there: in quotes, or in the code span of a document. */
async function placeOf(
  { path, word, kind }: ReferenceProblem,
  files: ReadonlyMap<string, MeaningfulFile>,
): Promise<Finding['range']> {
  const content = await files.get(path)?.read();
  if (!content) return undefined;
  const text = new TextDecoder().decode(content);
  const quote = kind === 'document' ? '`' : '"';
  const quoted = text.indexOf(quote + word + quote);
  const start = quoted < 0 ? text.indexOf(word) : quoted + 1;
  return start < 0 ? undefined : indexLines(text).rangeAt(start, start + word.length);
}

/** Of a file that was named alone only what concerns it; a folder or nothing named means the catalogue. */
function isAsked({ isMeant }: Subject, root: string, path: string): boolean {
  return isMeant(path) || isMeant(root + CATALOGUE_MANIFEST);
}

/** The files of a catalogue that come from its source, by path below its root. */
function filesOf(
  tree: LocalTree,
  { root, settings }: LocalCatalogue,
): ReadonlyMap<string, MeaningfulFile> {
  const { sourceOf } = catalogueLayout(settings.content);
  const files = new Map<string, MeaningfulFile>();
  for (const entry of tree.entries.values()) {
    if (!entry.path.startsWith(root)) continue;
    const path = entry.path.slice(root.length);
    if (path === CATALOGUE_MANIFEST || !isFile(entry) || sourceOf(path) === undefined) continue;
    const read = async () => (await readEntry(tree, entry)) ?? new Uint8Array();
    files.set(path, { path, oid: entry.oid ?? '', read });
  }
  return files;
}

function isFile({ mode }: LocalEntry): boolean {
  return mode === '100644' || mode === '100755';
}

async function readEntry(
  tree: LocalTree,
  entry: LocalEntry | undefined,
): Promise<Uint8Array | undefined> {
  const content = entry && isFile(entry) ? await tree.read(entry) : undefined;
  return content?.kind === 'read' ? content.content : undefined;
}

type ManifestRead =
  | { readonly kind: 'read'; readonly manifest: CatalogueManifest | undefined }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

async function readManifest(tree: LocalTree, root: string): Promise<ManifestRead> {
  const path = root + CATALOGUE_MANIFEST;
  const content = await readEntry(tree, tree.entries.get(path));
  if (!content) return { kind: 'read', manifest: undefined };
  const parsed = parseCatalogueManifest(new TextDecoder().decode(content), { file: path });
  if (parsed.kind === 'parsed') return { kind: 'read', manifest: parsed.value };
  const findings = parsed.findings.map((finding) => ({
    ...finding,
    ruleId: 'catalogue/manifest',
  }));
  return { kind: 'invalid', findings };
}

/** The files that are not as they were pulled: changed, new, or gone. */
async function findEdited(
  files: ReadonlyMap<string, MeaningfulFile>,
  manifest: CatalogueManifest,
): Promise<ReadonlySet<string>> {
  const edited = new Set([...manifest.files.keys()].filter((path) => !files.has(path)));
  for (const [path, file] of files) {
    const pulled = manifest.files.get(path)?.oid;
    const oid = file.oid === '' ? hashBlob(await file.read()) : file.oid;
    if (oid !== pulled) edited.add(path);
  }
  return edited;
}

/** Whether nobody here changed what a problem is made of. */
function isOfSource({ path, about }: ReferenceProblem, edited: ReadonlySet<string>): boolean {
  if (edited.has(path)) return false;
  return about === undefined
    ? ![...edited].some((one) => one.endsWith('.json'))
    : !edited.has(about);
}

async function findUndecided(
  tree: LocalTree,
  root: string,
  { files }: CatalogueManifest,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [path, { conflict }] of files) {
    const content = conflict ? await readEntry(tree, tree.entries.get(root + path)) : undefined;
    const lines = content ? new TextDecoder().decode(content).split('\n') : [];
    const line = lines.findIndex((one) => one.startsWith('<<<<<<< '));
    if (line < 0) continue;
    const start = { line: line + 1, column: 1 };
    findings.push({
      ruleId: 'catalogue/undecided',
      severity: 'error',
      message: 'holds the markers of a conflict that nobody has decided',
      path: root + path,
      range: { start, end: start },
    });
  }
  return findings;
}

/** Whether the schemas of types are those that the last pull made, of the types that it pulled. */
async function checkTypes(
  tree: LocalTree,
  root: string,
  folder: string,
  manifest: CatalogueManifest | undefined,
): Promise<Finding[]> {
  const types: CatalogueTypeRecord | undefined = manifest?.types;
  const about = (rule: string, path: string, severity: Finding['severity'], message: string) => ({
    ruleId: `catalogue/schema-${rule}`,
    severity,
    message,
    path: root + path,
  });
  if (!types) {
    const message = 'the schemas of the types were never extracted; holdfast pull does';
    return manifest ? [about('missing', folder, 'warning', message)] : [];
  }
  const findings: Finding[] = [];
  for (const [path, oid] of Object.entries(types.schemas)) {
    const content = await readEntry(tree, tree.entries.get(root + path));
    if (!content) {
      const message = 'the schema of a type is missing; holdfast pull brings it back';
      findings.push(about('missing', path, 'error', message));
    } else if (hashBlob(content) !== oid) {
      const message =
        'is not the schema that was extracted; holdfast pull --full makes it anew, and an edit belongs into the type';
      findings.push(about('edited', path, 'error', message));
    } else if (types.stale) {
      const message =
        'is older than its type, which changed and could not be extracted; holdfast pull says why';
      findings.push(about('stale', path, 'warning', message));
    }
  }
  return findings;
}
