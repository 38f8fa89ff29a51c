/** What a scan tells: where the text stops being JSON, if it does. */
export interface JsonProblem {
  readonly offset: number;
  readonly message: string;
}

/** Called for each value that is not nested too deep, with the keys that lead to it. */
export type VisitValue = (path: readonly (string | number)[], start: number, end: number) => void;

interface Container {
  readonly start: number;
  readonly close: '}' | ']';
  /** The key or index of the member that is being read; -1 before the first item. */
  key: string | number;
}

/**
 * Walks a JSON text once, without recursion, and tells where each value is. `JSON.parse` tells
 * neither that nor, on every version of Node, where an error is; this is what errors are placed by.
 *
 * @param maxDepth values with more keys than this before them are not visited.
 * @returns the first problem, or undefined for a text that is JSON.
 */
export function scanJson(
  text: string,
  visit: VisitValue,
  { maxDepth = 8 }: { readonly maxDepth?: number } = {},
): JsonProblem | undefined {
  const open: Container[] = [];
  let offset = skipSpace(text, 0);

  function report(start: number, end: number): void {
    if (open.length > maxDepth) return;
    const path = open.map(({ key }) => key);
    visit(path, start, end);
  }

  while (true) {
    const opened = openContainer(text, offset);
    if (opened) {
      open.push(opened);
      offset = skipSpace(text, offset + 1);
    } else {
      const end = endOfScalar(text, offset);
      if (typeof end !== 'number') return end;
      report(offset, end);
      offset = skipSpace(text, end);
    }
    let isFirst = opened !== undefined;
    for (let container = open.at(-1); ; container = open.at(-1)) {
      if (!container)
        return offset === text.length
          ? undefined
          : { offset, message: 'expected nothing after the value' };
      if (text[offset] !== container.close) {
        const next = startMember(text, offset, container, isFirst);
        if (typeof next !== 'number') return next;
        offset = next;
        break;
      }
      open.pop();
      report(container.start, offset + 1);
      offset = skipSpace(text, offset + 1);
      isFirst = false;
    }
  }
}

function openContainer(text: string, offset: number): Container | undefined {
  if (text[offset] === '{') return { start: offset, close: '}', key: '' };
  return text[offset] === '[' ? { start: offset, close: ']', key: -1 } : undefined;
}

/** Goes to a container's next value: past the comma, and in an object past the key and its colon. */
function startMember(
  text: string,
  from: number,
  container: Container,
  isFirst: boolean,
): number | JsonProblem {
  if (!isFirst && text[from] !== ',')
    return { offset: from, message: `expected , or ${container.close}` };
  let offset = isFirst ? from : skipSpace(text, from + 1);
  if (typeof container.key === 'number') {
    container.key++;
    return offset;
  }
  const end = text[offset] === '"' ? endOfString(text, offset) : undefined;
  if (end === undefined) return { offset, message: 'expected a key in double quotes' };
  container.key = JSON.parse(text.slice(offset, end)) as string;
  offset = skipSpace(text, end);
  return text[offset] === ':'
    ? skipSpace(text, offset + 1)
    : { offset, message: 'expected : after the key' };
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && ' \t\n\r'.includes(text.charAt(offset))) offset++;
  return offset;
}

function endOfScalar(text: string, start: number): number | JsonProblem {
  if (text[start] === '"') {
    return (
      endOfString(text, start) ?? {
        offset: start,
        message: 'this string does not end, or holds what must be escaped',
      }
    );
  }
  const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
  scalar.lastIndex = start;
  if (scalar.test(text)) return scalar.lastIndex;
  return {
    offset: start,
    message: start < text.length ? 'expected a value' : 'the text ends where a value is due',
  };
}

/** The place behind the closing quote; undefined for a string that is not well-formed. */
function endOfString(text: string, start: number): number | undefined {
  const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
  for (let offset = start + 1; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === 34) return offset + 1;
    if (unit < 32) return undefined;
    if (unit !== 92) continue;
    escape.lastIndex = offset;
    if (!escape.test(text)) return undefined;
    offset = escape.lastIndex - 1;
  }
  return undefined;
}
