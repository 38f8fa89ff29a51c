/**
 * What a literal block says, and one way to write what a folded one says.
 *
 * @param content its lines
 * @param depth how deep the first of them is indented
 * @param chomping `-`, `+` or `''`
 */
export function blockValue(content: string, depth: number, chomping: string): string {
  const lines = content.split('\n').map((line) => line.slice(depth));
  const value = lines.join('\n');
  if (chomping === '+') return value;
  const trimmed = value.replace(/\n*$/, '');
  return chomping === '-' || trimmed === '' ? trimmed : `${trimmed}\n`;
}
