/** Whether a file is prose that may name models and their fields. */
export function isDocument(path: string): boolean {
  return /\.(?:md|mdc|markdown)$/i.test(path);
}

/** More than this in one document is not looked at. */
const MAX_SPANS = 10_000;

/**
 * What a document names in code spans: `member`, `member.email`. Of a deeper path the model and its
 * field count.
 */
export function findMentions(text: string): Set<string> {
  const found = new Set<string>();
  let left = MAX_SPANS;
  for (const [, span = ''] of text.matchAll(/`([^`\n]{1,200})`/g)) {
    if (--left < 0) break;
    const [, entity, field] =
      /^([A-Za-z_][\w-]*)(?:\.([A-Za-z_]\w*)(?:[.[].*)?)?$/.exec(span.trim()) ?? [];
    if (entity === undefined) continue;
    found.add(field === undefined ? entity : `${entity}.${field}`);
  }
  return found;
}
