/** Text of files and authors becomes plain text: no markup, no mention, no reference to an issue, no link. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~]/g, '\\$&')
    .replace(/([@#])(?=\w)/g, '$1\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b');
}

/** Text as a code span, whatever it holds. */
export function codeSpan(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  let longest = 0;
  for (const [run] of plain.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
}
