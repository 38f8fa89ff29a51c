import type { Check, CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { count } from './count.js';
import type { FileTree } from './file-tree.js';
import type { Finding } from '@holdfast/findings';
import { softenKnown, type KnownBreakage } from './known-breakage.js';
import { formatOf } from './document-reader.js';
import type { MarkdownDocument, MarkdownLink } from './parse-markdown.js';
import { resolveLink, type LinkTarget } from './resolve-link.js';

export interface LinkIntegrityOptions {
  /** Says that the source itself already has a breakage: it then is a warning. Default: none is known. */
  knownBroken?: KnownBreakage;
}

/**
 * Checks that every relative link, image, reference definition and `#fragment` in the Markdown files leads to
 * something in the target's tree, read as GitHub reads it. New breakage is an error; what the source already has is
 * a warning. Nothing is fetched.
 *
 * Findings: `link/missing-file`, `link/missing-fragment`, `link/outside-repository`, `link/malformed`, and
 * `link/undefined-reference` (always a warning).
 */
export function linkIntegrityCheck({
  knownBroken = () => false,
}: LinkIntegrityOptions = {}): Check {
  return {
    id: 'link_integrity',
    needs: ['tree'],
    failureAction: 'block',
    async run(input) {
      const { findings, links } = await checkLinks(input);
      const judged = softenKnown(findings, input, knownBroken);
      return { findings: judged, details: summarise(judged, links) };
    },
  };
}

async function checkLinks(input: CheckInput): Promise<{ findings: Finding[]; links: number }> {
  const findings: Finding[] = [];
  const anchors = createAnchorReader(input);
  let links = 0;
  for (const file of input.files) {
    const document = input.documents.markdown(file);
    if (!document) continue;
    for (const link of document.links) {
      const target = resolveLink(link.url, file.path);
      if (target.kind === 'external') continue;
      links += 1;
      const breakage = await findBreakage(target, file, document, input.tree, anchors);
      if (breakage) findings.push(describeBreakage(input, file, link, breakage));
    }
    for (const finding of describeUndefinedReferences(input, file, document))
      findings.push(finding);
  }
  return { findings, links };
}

function summarise(findings: readonly Finding[], links: number): string {
  const broken = findings.filter(({ severity }) => severity === 'error').length;
  const known = findings.filter(({ data }) => data?.['known'] === true).length;
  const inSource = known > 0 ? `, ${known} already broken in the source` : '';
  return `${count(broken, 'broken link')}${inSource}, ${count(links, 'link')} checked`;
}

interface Breakage {
  ruleId: string;
  message: string;
}

type ReadAnchors = (path: string) => Promise<ReadonlySet<string> | undefined>;

async function findBreakage(
  target: Exclude<LinkTarget, { kind: 'external' }>,
  file: ValidationFile,
  document: MarkdownDocument,
  tree: FileTree,
  readAnchors: ReadAnchors,
): Promise<Breakage | undefined> {
  if (target.kind === 'malformed') {
    return { ruleId: 'link/malformed', message: 'its percent-encoding cannot be decoded' };
  }
  if (target.kind === 'outside') {
    return {
      ruleId: 'link/outside-repository',
      message: 'it leads above the root of the repository',
    };
  }
  const { path, fragment, directory } = target;
  const missing = path === file.path ? undefined : findMissing(path, directory, tree);
  if (missing) return missing;
  if (fragment === undefined || fragment === '' || fragment === 'top') return undefined;
  const anchors = path === file.path ? document.anchors : await readAnchors(path);
  return anchors && findMissingFragment(fragment, anchors, path);
}

function findMissing(path: string, directory: boolean, tree: FileTree): Breakage | undefined {
  const kind = tree.kind(path);
  if (kind === undefined) {
    if (leavesSight(path, tree)) return undefined;
    const other = tree.otherCase(path);
    const hint = other === undefined ? '' : `; ${other} differs in case only`;
    return { ruleId: 'link/missing-file', message: `there is no ${path}${hint}` };
  }
  if (directory && kind === 'file') {
    return { ruleId: 'link/missing-file', message: `${path} is a file, not a directory` };
  }
  return undefined;
}

/** Whether a path runs through a submodule or a symbolic link, behind which the tree shows nothing. */
function leavesSight(path: string, tree: FileTree): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const kind = tree.kind(path.slice(0, end));
    if (kind === 'submodule' || kind === 'symlink') return true;
    if (kind === 'directory') return false;
  }
  return false;
}

function findMissingFragment(
  fragment: string,
  anchors: ReadonlySet<string>,
  path: string,
): Breakage | undefined {
  const name = fragment.replace(/^user-content-/, '');
  if (anchors.has(name) || anchors.has(fragment)) return undefined;
  if (/^L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?$|^fn(?:ref)?-/.test(name)) return undefined;
  const close = anchors.has(name.toLowerCase()) ? `; #${name.toLowerCase()} is there` : '';
  return {
    ruleId: 'link/missing-fragment',
    message: `nothing in ${path} is called #${fragment}${close}`,
  };
}

/** Reads the anchors of any Markdown file of the tree, each once; undefined for what has none to check. */
function createAnchorReader({ documents, tree }: CheckInput): ReadAnchors {
  const elsewhere = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  async function readElsewhere(path: string): Promise<ReadonlySet<string> | undefined> {
    if (tree.kind(path) !== 'file') return undefined;
    const content = await tree.read(path);
    return content && documents.markdown({ path, content, mode: '100644' })?.anchors;
  }

  return async (path) => {
    if (formatOf(path) !== 'markdown') return undefined;
    const file = tree.file(path);
    if (file) return documents.markdown(file)?.anchors;
    const known = elsewhere.get(path);
    if (known) return known;
    const reading = readElsewhere(path);
    elsewhere.set(path, reading);
    return reading;
  };
}

function describeBreakage(
  { documents }: CheckInput,
  file: ValidationFile,
  link: MarkdownLink,
  { ruleId, message }: Breakage,
): Finding {
  const noun = { link: 'link', image: 'image', definition: 'definition', html: 'HTML link' }[
    link.kind
  ];
  return {
    ruleId,
    severity: 'error',
    message: `the ${noun} to ${link.url} is broken: ${message}`,
    path: file.path,
    range: documents.text(file)!.lines.rangeAt(link.start, link.end),
    data: { url: link.url, kind: link.kind },
  };
}

function describeUndefinedReferences(
  { documents }: CheckInput,
  file: ValidationFile,
  { undefinedReferences }: MarkdownDocument,
): Finding[] {
  return undefinedReferences.map(({ label, start, end }) => ({
    ruleId: 'link/undefined-reference',
    severity: 'warning',
    message: `no definition is called [${label}]`,
    path: file.path,
    range: documents.text(file)!.lines.rangeAt(start, end),
    data: { label },
  }));
}
