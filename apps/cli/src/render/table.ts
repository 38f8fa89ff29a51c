import { bold, padEnd, widthOf } from '../markup.js';

/** Rows in columns, each as wide as its widest cell; the first row is the head. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const [first = '', ...rest] = alignCells([head, ...rows]).map((line) => line.trimEnd());
  return [bold(first), ...rest];
}

/** One line for each row, its cells as wide as the widest of their column. */
export function alignCells(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) => row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  '));
}

/** The target and the rule that lines about them begin with, in columns. */
export function alignNames(
  items: readonly { readonly target: string; readonly rule: string }[],
): string[] {
  return alignCells(items.map(({ target, rule }) => [bold(target), rule]));
}
