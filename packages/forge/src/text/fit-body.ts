import { readLine, type OpenBlock } from './markdown-block.js';

/** A place where a text may end: `end` units and `lines` lines from its start. */
interface Cut {
  readonly end: number;
  readonly lines: number;
  /** The fence that is open there, or nothing. */
  readonly fence: string;
  /** How many `<details>` are open there. */
  readonly details: number;
}

/**
 * A Markdown text of at most `limit` UTF-16 units. A text that fits comes back as it is. A longer one
 * is cut after a line, code fences and `<details>` that are open there are closed, and a note says how
 * much was left out. It never ends where the note would be swallowed (in a comment, in a fence whose
 * end cannot be told), but before that. Where not even the first line fits, that one is cut, never
 * within a surrogate pair. A limit too small for the note gives the cut without it. `ending` is kept
 * whole behind it, unless it alone exceeds the limit.
 */
export function fitBody(body: string, limit: number, ending = ''): string {
  if (body.length + ending.length <= limit) return body + ending;
  if (ending.length >= limit) return fitText(body, limit);
  return fitText(body, limit - ending.length) + ending;
}

function fitText(body: string, limit: number): string {
  if (body.length <= limit) return body;
  const total = body.split('\n').length - (body.endsWith('\n') ? 1 : 0);
  for (const cut of findCuts(body, limit).reverse()) {
    const ending = closeBlocks(cut) + describeRest(total - cut.lines, body.length - cut.end);
    if (cut.end + ending.length <= limit) return body.slice(0, cut.end) + ending;
  }
  return cutFirstLine(body, limit, total);
}

/** The ends of lines within the limit where what is open can be closed. */
function findCuts(body: string, limit: number): Cut[] {
  const cuts: Cut[] = [];
  let open: OpenBlock = { kind: 'none' };
  let details = 0;
  let lines = 0;
  for (let start = 0; start < limit && open.kind !== 'lost';) {
    const newline = body.indexOf('\n', start);
    const end = newline === -1 ? body.length : newline;
    if (end > limit) break;
    const line = body.slice(start, end).replace(/\r$/, '');
    details = Math.max(0, details + countDetails(open, line));
    open = readLine(open, line);
    lines += 1;
    if (open.kind === 'fence') cuts.push({ end, lines, fence: open.fence, details });
    if (open.kind === 'none' || open.kind === 'html') cuts.push({ end, lines, fence: '', details });
    start = end + 1;
  }
  return cuts;
}

/** How many more `<details>` are open after a line; rather one too many than one too few. */
function countDetails(open: OpenBlock, line: string): number {
  if (open.kind === 'fence') return 0;
  const opened = line.match(/<details(?![a-z0-9-])/gi)?.length ?? 0;
  const certain = (open.kind === 'none' || open.kind === 'html') && !/`|<!--|^ {4}|\t/.test(line);
  const closed = certain ? (line.match(/<\/details\s{0,9}>/gi)?.length ?? 0) : 0;
  return opened - closed;
}

function closeBlocks({ fence, details }: Cut): string {
  const closing = fence === '' ? '' : `\n${fence}`;
  return details === 0 ? closing : `${closing}\n\n${'</details>'.repeat(details)}`;
}

function describeRest(lines: number, characters: number): string {
  return `\n\n_(${lines} more ${lines === 1 ? 'line' : 'lines'}, ${characters} characters, left out here to stay within the limit.)_\n`;
}

function cutFirstLine(body: string, limit: number, total: number): string {
  const note = describeRest(total, body.length);
  const room = Math.max(limit - note.length, 0) || limit;
  const line = body.slice(0, room).split(/[\r\n]/, 1)[0]!;
  const whole = line.replace(/[\ud800-\udbff]$/, '');
  const harmless = readLine({ kind: 'none' }, whole).kind === 'none' && !/<details/i.test(whole);
  const kept = harmless ? whole : '';
  if (room === limit) return kept;
  return kept + describeRest(total, body.length - kept.length);
}
