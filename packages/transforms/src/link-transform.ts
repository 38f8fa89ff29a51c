import { digestOf, type Edit, sortEdits } from '@holdfast/text';
import { decideLink, decideReverse, type LinkDecision, type LinkSettings } from './decide-link.js';
import { describeLinks, type MarkdownLink } from './find-links.js';
import { guardLinks } from './guard-links.js';
import { holdStructure } from './hold-structure.js';
import { stripLink } from './strip-link.js';
import type {
  ContextPart,
  LinkChange,
  LocalFinding,
  Transform,
  TransformInput,
  TransformResult,
} from './transform.js';

/**
 * Moves a document's links to where the target has what they lead to, and removes those that would
 * lead to nothing. Every byte outside the links stays.
 */
export function createLinkTransform(settings: LinkSettings): Transform {
  const dependsOn: ContextPart[] = ['paths', 'links'];
  if (settings.undelivered === 'permalink') dependsOn.push('source', 'commit');
  return {
    name: 'links',
    reversible: true,
    digest: digestOf({ links: settings }),
    dependsOn,
    describe: () => describeSettings(settings),
    transform: (input, context) =>
      editLinks(input, (link, raw) => decideLink(link.url, raw, context, settings)),
    reverse: (input, context) =>
      editLinks(input, (link, raw) => decideReverse(link.url, raw, context, settings)),
  };
}

function describeSettings({ undelivered, internal, prefixes, style }: LinkSettings): string {
  const fates = {
    strip: 'removed and their text kept',
    permalink: 'turned into permalinks',
    keep: 'kept as they are',
  };
  const written = prefixes.map(({ from, to }) => `, ${from} written as ${to}`).join('');
  return (
    `links: follow what is delivered${written}${style ? `, by the pages of ${style}` : ''}; ` +
    `to undelivered files: ${fates[undelivered]}; to internal files: ${fates[internal]}`
  );
}

type Decide = (link: MarkdownLink, raw: string) => LinkDecision;

function editLinks({ text, kind, scan }: TransformInput, decide: Decide): TransformResult {
  if (kind !== 'markdown') return { kind: 'not-applied', reason: 'not-markdown' };
  if (!mayHoldPaths(text)) return { kind: 'edited', edits: [] };
  const scanned = scan();
  const links = describeLinks(text, scanned);
  const { decisions, strips, doubts } = keepDoubtful(text, decideAll(text, links, decide));
  const edits = sortEdits(
    decisions.flatMap(({ link, decision }) => strips.get(link) ?? editLink(text, link, decision)),
  );
  const kept = decisions.filter(({ decision }) => decision.action !== 'strip');
  const survivors = kept.map(({ link }) => link);
  const guarded =
    kept.length === decisions.length
      ? { edits, findings: [] } // new destinations change nothing around them
      : guardLinks(text, edits, survivors);
  const findings = [...decisions.flatMap(describeFinding), ...doubts, ...guarded.findings];
  if (scanned.by === 'unsure') findings.unshift(unsure);
  if (guarded.findings.length > 0) return { kind: 'failed', findings };
  const changes = decisions.flatMap(describeChange);
  return { kind: 'edited', edits: guarded.edits, findings, links: changes };
}

const htmlAttribute = /(?:href|src)\s*=/i;

/**
 * Whether there can be a link with a path: a destination follows `](` or `]:`, and a reference needs a
 * definition. What is in angle brackets alone is never a path.
 */
function mayHoldPaths(text: string): boolean {
  return text.includes('](') || text.includes(']:') || htmlAttribute.test(text);
}

const unsure: LocalFinding = {
  ruleId: 'transforms/markdown-unsure',
  severity: 'warning',
  message:
    'the document is too large or too deeply nested for its odd constructs to be read with certainty; check its links, or split it',
};

interface DecidedLink {
  link: MarkdownLink;
  decision: LinkDecision;
}

/**
 * A reference shares the fate of its definition when that goes, and needs nothing done otherwise. What
 * is inside the text of a stripped image is stripped too: alternative text holds no links.
 */
function decideAll(text: string, links: readonly MarkdownLink[], decide: Decide): DecidedLink[] {
  const definitions = new Map<string, LinkDecision>();
  const decided = new Map<MarkdownLink, LinkDecision>();
  for (const link of links) {
    if (isReference(link)) continue;
    const raw = link.destination ? text.slice(link.destination.start, link.destination.end) : '';
    const decision = decide(link, raw);
    decided.set(link, decision);
    if (link.kind === 'definition' && !definitions.has(link.label as string)) {
      definitions.set(link.label as string, decision);
    }
  }
  let strippedUntil = 0;
  return links.map((link) => {
    let decision = decided.get(link) ?? followDefinition(definitions.get(link.label as string));
    if (link.start < strippedUntil && decision.action !== 'strip') {
      decision = { action: 'strip', reason: 'undelivered' };
    }
    if (decision.action === 'strip' && isImage(link)) {
      strippedUntil = Math.max(strippedUntil, link.end);
    }
    return { link, decision };
  });
}

/** Characters that are read again, in all, where taking links away may change what is around them. */
const DOUBT = 500_000;

/** What is to be stripped and cannot be, without changing what is around it, is kept. */
function keepDoubtful(
  text: string,
  decided: readonly DecidedLink[],
): {
  decisions: DecidedLink[];
  strips: Map<MarkdownLink, readonly Edit[]>;
  doubts: LocalFinding[];
} {
  const doubts: LocalFinding[] = [];
  const strips = new Map<MarkdownLink, readonly Edit[]>();
  const budget = { left: DOUBT };
  const decisions = decided.map(({ link, decision }): DecidedLink => {
    if (decision.action !== 'strip') return { link, decision };
    const edits = holdStructure(text, { link, edits: stripLink(text, link) }, budget);
    if (edits === undefined) {
      doubts.push(describeDoubt(link));
      return { link, decision: { ...decision, action: 'keep' } };
    }
    strips.set(link, edits);
    return { link, decision };
  });
  return { decisions, strips, doubts };
}

function describeDoubt({ start, end, url }: MarkdownLink): LocalFinding {
  const message = `the link to ${url} stays: without it, what is around it would be other Markdown; write its marks as \\* or \\_`;
  return {
    ruleId: 'transforms/link-kept',
    severity: 'warning',
    message,
    start,
    end,
    data: { url },
  };
}

function followDefinition(decision: LinkDecision | undefined): LinkDecision {
  return decision?.action === 'strip' ? decision : { action: 'leave' };
}

function isReference({ kind }: MarkdownLink): boolean {
  return kind === 'linkReference' || kind === 'imageReference';
}

function isImage({ kind }: MarkdownLink): boolean {
  return kind === 'image' || kind === 'imageReference';
}

function editLink(text: string, link: MarkdownLink, decision: LinkDecision): Edit[] {
  if (decision.action === 'strip') return stripLink(text, link);
  if (decision.action !== 'write' || link.destination === undefined) return [];
  return [{ ...link.destination, text: decision.to }];
}

function describeChange({ link, decision }: DecidedLink): LinkChange[] {
  if (decision.action === 'leave') return [];
  const { reason, sourcePath } = decision;
  const change = { reason, url: link.url, start: link.start, end: link.end };
  const place = sourcePath === undefined ? {} : { sourcePath };
  if (decision.action === 'write')
    return [{ action: decision.as, ...change, ...place, to: decision.to }];
  return [{ action: decision.action === 'strip' ? 'stripped' : 'kept', ...change, ...place }];
}

function describeFinding({ link, decision }: DecidedLink): LocalFinding[] {
  if (isReference(link)) return [];
  const { start, end, url } = link;
  if (decision.action === 'leave') {
    if (decision.problem === undefined) return [];
    const message = `${url} has backslashes, which only some readers take for slashes; write it with /`;
    return [
      {
        ruleId: 'transforms/link-backslash',
        severity: 'warning',
        message,
        start,
        end,
        data: { url },
      },
    ];
  }
  if (decision.reason !== 'missing' && decision.reason !== 'outside') return [];
  const message =
    decision.reason === 'missing'
      ? `${url} leads to ${decision.sourcePath}, which the source does not have`
      : `${url} leads out of the repository`;
  return [
    {
      ruleId: `transforms/link-${decision.reason}`,
      severity: 'warning',
      message,
      start,
      end,
      data: { url },
    },
  ];
}
