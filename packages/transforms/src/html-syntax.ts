const space = /[ \t\r\n]/;

/**
 * Where a tag, comment, instruction, declaration or CDATA section that begins at `start` (`<`) ends, as
 * CommonMark's grammar of raw HTML has it; `-1` where there is none.
 *
 * @param missing - Closers that the text is known not to have from some place on; carried from call to
 * call within one text, so that many openers without a closer take linear time.
 */
export function endOfHtml(text: string, start: number, end: number, missing: Set<string>): number {
  const next = text[start + 1];
  if (next === '?') return endAfter(text, '?>', start + 2, end, missing);
  if (next === '/') return endOfClosingTag(text, start, end);
  if (next !== '!') return endOfTag(text, start, end);
  if (text.startsWith('<!--', start)) {
    if (text.startsWith('>', start + 4)) return start + 5;
    if (text.startsWith('->', start + 4)) return start + 6;
    return endAfter(text, '-->', start + 4, end, missing);
  }
  if (text.startsWith('<![CDATA[', start)) return endAfter(text, ']]>', start + 9, end, missing);
  return isLetter(text.charCodeAt(start + 2)) ? endAfter(text, '>', start + 3, end, missing) : -1;
}

function endAfter(
  text: string,
  closer: string,
  from: number,
  end: number,
  missing: Set<string>,
): number {
  if (missing.has(closer)) return -1;
  const at = text.indexOf(closer, from);
  if (at >= 0 && at + closer.length <= end) return at + closer.length;
  missing.add(closer);
  return -1;
}

function endOfClosingTag(text: string, start: number, end: number): number {
  let at = skipName(text, start + 2);
  if (at < 0) return -1;
  at = skipSpace(text, at, end);
  return at < end && text[at] === '>' ? at + 1 : -1;
}

/** Where an opening tag ends, its `>` included; `-1` where `start` begins none. */
export function endOfTag(text: string, start: number, end: number): number {
  let at = skipName(text, start + 1);
  if (at < 0) return -1;
  for (;;) {
    const before = at;
    at = skipSpace(text, at, end);
    if (at >= end) return -1;
    const code = text.charCodeAt(at);
    if (code === 62) return at + 1;
    if (code === 47) return text[at + 1] === '>' && at + 1 < end ? at + 2 : -1;
    if (at === before) return -1;
    at = skipAttribute(text, at, end);
    if (at < 0) return -1;
  }
}

/** A tag's name; `-1` where there is none. */
function skipName(text: string, at: number): number {
  if (!isLetter(text.charCodeAt(at))) return -1;
  let next = at + 1;
  while (isNameCode(text.charCodeAt(next))) next++;
  return next;
}

function skipAttribute(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  if (!isLetter(first) && first !== 95 && first !== 58) return -1;
  let at = start + 1;
  while (at < end && /[\w.:-]/.test(text[at] as string)) at++;
  const afterName = at;
  at = skipSpace(text, at, end);
  if (at >= end || text[at] !== '=') return afterName;
  at = skipSpace(text, at + 1, end);
  if (at >= end) return -1;
  const quote = text[at] as string;
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, at + 1);
    return close < 0 || close >= end ? -1 : close + 1;
  }
  const from = at;
  while (at < end && !/[\s"'=<>`]/.test(text[at] as string)) at++;
  return at === from ? -1 : at;
}

function skipSpace(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && space.test(text[next] as string)) next++;
  return next;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isNameCode(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 45;
}
