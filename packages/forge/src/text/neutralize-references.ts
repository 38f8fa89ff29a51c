const zeroWidthSpace = '\u200b';

/** A whole link, which stays as it is: what follows `@` or `#` inside it names nobody. */
const link =
  /(?<![^\s*_~(<[\]"'|])https?:\/\/(?:[a-z0-9-]{1,63}\.){1,10}[a-z0-9-]{1,63}(?:[:/?#][^\s<>()[\]"'|*`]*)?/;

/** `@` before a name, also as an entity; but not within `someone@example.com`. */
const mention = /(?<![a-z0-9])(?:@|&(?:#0{0,9}64|#x0{0,9}40|commat);)(?=[a-z0-9_&\\])/;

/** `#12`, `!12` and `GH-12`, also behind a repository's name; entities for `#` too. */
const reference =
  /&(?:#0{0,9}35|#x0{0,9}23|num);(?=\d)|(?<!&)#(?=\d)|&#(?=\d{1,9}(?![\d;]))|!(?=\d)|\bGH-(?=\d)/;

/** A verb that closes what is named behind it, by a link or a key such as `ABC-12`. */
const closing =
  /\b(?:clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|implement(?:s|ed|ing)?)(?=:?\s{1,20}(?:issues?\s{1,20})?[<([*_"']{0,4}(?:https?:\/\/|[a-z][a-z0-9_]{0,30}-\d))/;

/** The slash of a line such as `/merge`, which GitLab carries out. */
const command = /(?<=^[ \t]{0,3})\/(?=[a-z_]+(?:[ \t\r]|$))/;

const pattern = new RegExp(
  `(?<link>${link.source})|${[mention, reference, closing, command].map(({ source }) => source).join('|')}`,
  'gim',
);

/**
 * Takes the effect from text that was copied from elsewhere: nobody is notified, no issue is linked
 * or closed, no command is carried out where it is shown. A zero-width space (U+200B) goes
 *
 * - behind the `@` of a mention (`@name`, `@org/team`; not in mail addresses),
 * - behind the `#`, `!` or `GH-` of a numbered reference (`#1`, `org/repo#1`, `!1`, `GH-1`),
 * - behind a closing verb (`Fixes`, `Closes:`, `resolved`, …) before a link or a key (`ABC-12`),
 * - behind the slash of a line that GitLab takes for a command (`/merge`).
 *
 * The text looks as before. Links (`https://…`) stay whole. Code is treated like all text, because
 * where it ends depends on what surrounds the copy. Applying it twice changes nothing more.
 */
export function neutralizeReferences(text: string): string {
  return text.replace(pattern, (match: string, ...rest: unknown[]) => {
    const { link } = rest.at(-1) as { link?: string };
    return link === undefined ? match + zeroWidthSpace : match;
  });
}
