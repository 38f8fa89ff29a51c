/** A number with its noun: `count(1, 'link')` is "1 link", `count(2, 'link')` "2 links". */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
