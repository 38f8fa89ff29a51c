/** `1 file`, `2 files`. */
export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}

/** What a run is about: `3 targets`, or `5 rules for 3 targets`. */
export function scopeOf(items: readonly { readonly target: string }[]): string {
  const targets = new Set(items.map(({ target }) => target)).size;
  const words = count(targets, 'target');
  return targets === items.length ? words : `${count(items.length, 'rule')} for ${words}`;
}

/** The first twelve digits of a commit id. */
export function shortId(oid: string): string {
  return oid.slice(0, 12);
}

/** Lines that belong below another. */
export function indent(lines: readonly string[], by = 2): string[] {
  return lines.map((line) => (line === '' ? line : `${' '.repeat(by)}${line}`));
}

/** Lines as text that ends its last line. */
export function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
