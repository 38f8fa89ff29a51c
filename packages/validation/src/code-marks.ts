const removed = /^.*(?:\/\/|#|<!--|\/\*)[ \t]*\[!code[ \t]+--[^\]\n]*\].*$/gm;
const mark = /[ \t]*(?:\/\/|#|<!--|\/\*)[ \t]*\[!code[ \t]+[^\]\n]*\][ \t]*(?:-->|\*\/)?/g;

/**
 * A block as its reader sees it: documentation generators mark lines of code by comments such as `// [!code ++]`, and
 * lines that are gone by `// [!code --]`. Both give way to spaces, and so every place stays where it was.
 */
export function withoutCodeMarks(content: string): string {
  if (!content.includes('[!code')) return content;
  return content.replace(removed, blank).replace(mark, blank);
}

function blank(text: string): string {
  return ' '.repeat(text.length);
}
