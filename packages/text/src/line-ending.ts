/** How the lines of a text end, so that what is put in ends alike: of its first line; LF where there is none. */
export function lineEndingOf(text: string): '\n' | '\r\n' | '\r' {
  const [ending = '\n'] = /\r\n?|\n/.exec(text) ?? [];
  return ending as '\n' | '\r\n' | '\r';
}
