import { indexLines } from '@holdfast/text';
import type { Issue } from '../issue.js';
import type { SourceFile } from '../read/source-file.js';

/** A placeholder of a template; `${{ secrets.X }}` and Jinja are none. */
const PLACEHOLDER = /(?<!\$)\{\{\s*[A-Z][A-Z0-9_]*\s*\}\}/g;

/** A file that is one template does not say so a thousand times. */
const MAX_LISTED = 100;

/** What is wrong with a file whatever it is: unreadable, no YAML, left-over placeholders, several documents. */
export function judgeText(file: SourceFile): Issue[] {
  const { path, text, problems } = file;
  const issues: Issue[] = problems.map(({ rule, message, range }) => ({
    rule,
    path,
    message,
    ...(range && { range }),
  }));
  const lines = indexLines(text);
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (issues.length >= MAX_LISTED) break;
    issues.push({
      rule: 'file/placeholder',
      path,
      range: lines.rangeAt(match.index, match.index + match[0].length),
      message: `the placeholder ${match[0]} was left in`,
      data: { placeholder: match[0] },
    });
  }
  if (problems.length === 0 && file.documents.length > 1) {
    issues.push({
      rule: 'file/several-documents',
      path,
      message: `the file has ${file.documents.length} documents, and one is read`,
    });
  }
  return issues;
}
