export {
  escapeBlock,
  escapeCell,
  escapeInline,
  quoteBlock,
  unescapeBlock,
  unescapeInline,
  unquoteBlock,
} from './escape.js';
export type { RenderEntry } from './field.js';
export { renderFrontMatter } from './render-front-matter.js';
export { renderSections, type SectionsOptions } from './render-sections.js';
export { renderTable, type TableOptions } from './render-table.js';
