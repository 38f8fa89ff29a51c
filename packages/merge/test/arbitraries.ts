import fc from 'fast-check';

const line = fc.constantFrom('a', 'b', 'c', 'd', '', '}', 'a longer line of words');
const ending = fc.constantFrom('\n', '\n', '\n', '\r\n');

/** Texts of few different lines, of either ending, with and without a final one. */
export const text = fc
  .tuple(fc.array(fc.tuple(line, ending), { maxLength: 14 }), fc.boolean())
  .map(([lines, ends]) => {
    const joined = lines.map((parts) => parts.join('')).join('');
    return ends ? joined : joined.replace(/\r?\n$/, '');
  });

export const sides = fc.record({ base: text, ours: text, theirs: text });

/** The lines of a text, their line feeds included. */
export function splitLines(content: string): string[] {
  return content === '' ? [] : content.split(/(?<=\n)/);
}
