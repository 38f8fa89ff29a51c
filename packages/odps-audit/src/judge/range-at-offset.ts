import { indexLines, type Range } from '@holdfast/text';

/** The range of so many characters of a text. */
export function rangeAtOffset(text: string, offset: number, length: number): Range {
  return indexLines(text).rangeAt(offset, offset + length);
}
