import { stringify } from 'yaml';

/**
 * YAML front matter: `---`, the values in their order, `---`, each on lines of its own. Texts are quoted
 * where YAML would take them for something else.
 *
 * @returns Lines with a final line feed; of no values, nothing.
 */
export function renderFrontMatter(values: Readonly<Record<string, unknown>>): string {
  if (Object.keys(values).length === 0) return '';
  return `---\n${stringify(values, { lineWidth: 0, aliasDuplicateObjects: false })}---\n`;
}
