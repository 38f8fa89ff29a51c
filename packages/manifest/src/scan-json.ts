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
  let offset = 0;
  let expectsValue = true;

  while (true) {
    offset = skipSpace(text, offset);
    const container = open.at(-1);
    if (expectsValue) {
      const char = text[offset];
      if (char === '{' || char === '[') {
        const opened: Container = {
          start: offset,
          close: char === '{' ? '}' : ']',
          key: char === '{' ? '' : 0,
        };
        offset = skipSpace(text, offset + 1);
        open.push(opened);
        if (text[offset] === opened.close) expectsValue = false;
        else if (char === '{') {
          const problem = readKey(opened);
          if (problem) return problem;
        }
        continue;
      }
      const end = endOfScalar(text, offset);
      if (end === undefined)
        return {
          offset,
          message:
            text.length === offset ? 'the text ends where a value is due' : 'expected a value',
        };
      report(offset, end);
      offset = end;
      expectsValue = false;
      continue;
    }
    if (!container)
      return offset === text.length
        ? undefined
        : { offset, message: 'expected nothing after the value' };
    const char = text[offset];
    if (char === container.close) {
      offset++;
      open.pop();
      report(container.start, offset);
    } else if (char === ',') {
      offset = skipSpace(text, offset + 1);
      if (typeof container.key === 'number') container.key++;
      else {
        const problem = readKey(container);
        if (problem) return problem;
      }
      expectsValue = true;
    } else {
      return { offset, message: `expected , or ${container.close}` };
    }
  }

  function report(start: number, end: number): void {
    if (open.length <= maxDepth)
      visit(
        open.map(({ key }) => key),
        start,
        end,
      );
  }

  function readKey(container: Container): JsonProblem | undefined {
    const end = text[offset] === '"' ? endOfString(text, offset) : undefined;
    if (end === undefined) return { offset, message: 'expected a key in double quotes' };
    container.key = JSON.parse(text.slice(offset, end)) as string;
    offset = skipSpace(text, end);
    if (text[offset] !== ':') return { offset, message: 'expected : after the key' };
    offset++;
    return undefined;
  }
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && ' \t\n\r'.includes(text.charAt(offset))) offset++;
  return offset;
}

function endOfScalar(text: string, start: number): number | undefined {
  if (text[start] === '"') return endOfString(text, start);
  const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
  scalar.lastIndex = start;
  return scalar.test(text) ? scalar.lastIndex : undefined;
}

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
