import type { Check, CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { count } from './count.js';
import type { FileTree } from './file-tree.js';
import type { Finding } from '@holdfast/findings';
import { softenKnown, type KnownBreakage } from './known-breakage.js';
import { formatOf } from './document-reader.js';
import type { MarkdownDocument, MarkdownLink } from './parse-markdown.js';
import { resolveLink, type LinkTarget } from './resolve-link.js';
import { findHeadingIds, findPage, looseSlug, type LinkStyle } from './site-links.js';

export interface LinkIntegrityOptions {
  /** How the documents write links, for all or by path. Default `files`. */
  style?: LinkStyle | ((path: string) => LinkStyle);
  /** What becomes of what the source itself already has broken. Default: nothing is known. */
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
  style = 'files',
}: LinkIntegrityOptions = {}): Check {
  const styleOf = typeof style === 'function' ? style : () => style;
  return {
    id: 'link_integrity',
    needs: ['tree'],
    failureAction: 'block',
    async run(input) {
      const { findings, links, omitted } = await checkLinks(input, styleOf);
      const judged = softenKnown(findings, input, { knownBroken, check: 'link_check' });
      return { findings: judged, omitted, details: summarise(judged, links, omitted) };
    },
  };
}

interface CheckedLinks {
  findings: Finding[];
  links: number;
  /** How many broken links were not made into findings, by path. */
  omitted: Map<string, number>;
}

async function checkLinks(
  input: CheckInput,
  styleOf: (path: string) => LinkStyle,
): Promise<CheckedLinks> {
  const { documents, limits } = input;
  const findings: Finding[] = [];
  const omitted = new Map<string, number>();
  const anchors = createAnchorReader(input);
  let links = 0;
  for (const file of input.files) {
    const document = documents.markdown(file);
    if (!document) continue;
    const style = styleOf(file.path);
    let told = 0;
    for (const link of document.links) {
      const target = resolveLink(link.url, file.path);
      if (target.kind === 'external') continue;
      links += 1;
      const breakage = await findBreakage({ target, link, file, document, style }, input, anchors);
      if (!breakage) continue;
      told += 1;
      if (told <= limits.maxFindingsPerFile)
        findings.push(describeBreakage(input, file, link, breakage));
      else omitted.set(file.path, told - limits.maxFindingsPerFile);
    }
    for (const finding of describeUndefinedReferences(input, file, document))
      findings.push(finding);
  }
  return { findings, links, omitted };
}

function summarise(
  findings: readonly Finding[],
  links: number,
  omitted: ReadonlyMap<string, number>,
): string {
  let broken = 0;
  let known = 0;
  for (const { severity, data } of findings) {
    if (severity === 'error') broken += 1;
    else if (data?.['known'] === true) known += 1;
  }
  for (const number of omitted.values()) broken += number;
  const inSource = known > 0 ? `, ${known} already broken in the source` : '';
  return `${count(broken, 'broken link')}${inSource}, ${count(links, 'link')} checked`;
}

interface Breakage {
  ruleId: string;
  message: string;
}

type ReadAnchors = (path: string) => Promise<Anchors | undefined>;

/** What a fragment may name. */
interface Anchors {
  /** As the forge makes them. */
  readonly names: ReadonlySet<string>;
  /** The same without regard to case, which is how browsers' and forges' own scripts find them. */
  folded(): ReadonlySet<string>;
  /** As some generator may make them. */
  loose(): ReadonlySet<string>;
}

interface LinkInDocument {
  target: Exclude<LinkTarget, { kind: 'external' }>;
  link: MarkdownLink;
  file: ValidationFile;
  document: MarkdownDocument;
  style: LinkStyle;
}

async function findBreakage(
  { target, link, file, document, style }: LinkInDocument,
  { tree, documents }: CheckInput,
  readAnchors: ReadAnchors,
): Promise<Breakage | undefined> {
  if (target.kind === 'malformed') {
    return { ruleId: 'link/malformed', message: 'its percent-encoding cannot be decoded' };
  }
  if (style !== 'files' && isTemplated(link.url)) return undefined;
  const missing = target.kind === 'outside' ? outside : findMissing(target, file, tree);
  const page =
    missing && style !== 'files' ? findPage(pathnameOf(link.url), file.path, tree) : undefined;
  if (page?.kind === 'unknown') return undefined;
  if (missing && page?.kind !== 'page') return missing;
  const path = page?.kind === 'page' ? page.path : target.kind === 'path' ? target.path : file.path;
  const fragment = target.kind === 'path' ? target.fragment : fragmentOf(link.url);
  if (fragment === undefined || fragment === '' || /^top$|^:~:/.test(fragment)) return undefined;
  const anchors =
    path === file.path
      ? anchorsOf(document, () => documents.text(file)?.text ?? '')
      : await readAnchors(path);
  return anchors && findMissingFragment(fragment, anchors, path, style);
}

const outside: Breakage = {
  ruleId: 'link/outside-repository',
  message: 'it leads above the root of the repository',
};

/** What a generator fills in before there is a link: `{{ site.baseurl }}/x`, `{% link x.md %}`, `{{< ref "x" >}}`. */
function isTemplated(url: string): boolean {
  return /\{\{|\{%|%7B%7B/i.test(url);
}

function pathnameOf(url: string): string {
  const pathname = url.replace(/[?#].*$/s, '');
  return decodeURIComponent(pathname);
}

function fragmentOf(url: string): string | undefined {
  const hash = url.indexOf('#');
  return hash < 0 ? undefined : decodeURIComponent(url.slice(hash + 1));
}

function findMissing(
  { path, directory }: Extract<LinkTarget, { kind: 'path' }>,
  file: ValidationFile,
  tree: FileTree,
): Breakage | undefined {
  if (path === file.path) return undefined;
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
  { names, folded, loose }: Anchors,
  path: string,
  style: LinkStyle,
): Breakage | undefined {
  const name = fragment.replace(/^user-content-/, '');
  if (names.has(name) || names.has(fragment) || names.has(`user-content-${name}`)) return undefined;
  if (folded().has(name.toLowerCase())) return undefined;
  if (/^L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?$|^fn(?:ref)?-/.test(name)) return undefined;
  if (style !== 'files' && loose().has(looseSlug(name))) return undefined;
  return {
    ruleId: 'link/missing-fragment',
    message: `nothing in ${path} is called #${fragment}`,
  };
}

/** The anchors of a document; what forges do not make is worked out when it is asked for. */
function anchorsOf({ anchors: names }: MarkdownDocument, readText: () => string): Anchors {
  let folded: ReadonlySet<string> | undefined;
  let loose: ReadonlySet<string> | undefined;
  return {
    names,
    folded: () => (folded ??= new Set([...names].map((name) => name.toLowerCase()))),
    loose: () => (loose ??= new Set([...names, ...findHeadingIds(readText())].map(looseSlug))),
  };
}

/** Reads the anchors of any Markdown file of the tree, each once; undefined for what has none to check. */
function createAnchorReader({ documents, tree }: CheckInput): ReadAnchors {
  const known = new Map<string, Promise<Anchors | undefined>>();

  async function read(path: string): Promise<Anchors | undefined> {
    const given = tree.file(path);
    const content = given || tree.kind(path) !== 'file' ? undefined : await tree.read(path);
    const file = given ?? (content && ({ path, content, mode: '100644' } as const));
    const document = file && documents.markdown(file);
    return document && anchorsOf(document, () => documents.text(file)?.text ?? '');
  }

  return async (path) => {
    if (formatOf(path) !== 'markdown') return undefined;
    const reading = known.get(path) ?? read(path);
    known.set(path, reading);
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
