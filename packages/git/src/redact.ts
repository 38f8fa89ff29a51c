/** What stands in the place of a secret. */
const REDACTED = '[redacted]';

/** Shorter secrets are not looked for: each text would be full of them. */
const SHORTEST = 4;

/** Tokens that say by their form what they are; from the providers' documentation. */
const TOKENS =
  /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl(?:pat|cbt|dt|ft|imt|oas|ptt|rt|soat|agent)-[\w.-]{16,}|AT(?:ATT|BB|CTT)[\w=-]{16,}|xox[abeoprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,}|(?:AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)/;

/** A user and password (or a token alone) before the host of a URL, also where a slash is missing. */
const USER_INFO = /\b([a-z][a-z0-9+.-]{1,15}:\/{1,3})([^\s/?#"'<>]{0,4096})@/gi;

/** A value that the name before it makes a secret. */
const NAMED =
  /\b((?:private|access|auth|api|job|deploy|refresh|id|bearer|oauth|client)[_-]?(?:token|key|secret)|token|secret|password|passwd|pwd|signature|sig|x-amz-[a-z-]{1,40})(=|%3d)[^&\s"'<>;#]+/gi;

/** What goes over HTTP to log in. */
const AUTHORIZATION =
  /\b((?:proxy-)?authorization"?\s*[:=]\s*"?)(?:(basic|bearer|token|negotiate|digest)\s+)?[^\s"',]+/gi;

/** The first token in a text that bears its kind in its form, such as `ghp_…`; undefined where none is. */
export function findToken(text: string): string | undefined {
  return TOKENS.exec(text)?.[0];
}

/**
 * Takes secrets out of a text that leaves for a screen, a log, a file or a request: the ones handed
 * over, in the spellings in which they travel (percent-encoded, base64, JSON), and what looks like one
 * by its place (before a URL's host, behind `token=`, in an `Authorization` header) or by its form. A
 * user's name stays where it is ssh's. Everything else stays as it is.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let shown = text;
  for (const spelling of spellings(secrets)) shown = shown.replaceAll(spelling, REDACTED);
  return shown
    .replace(USER_INFO, (match, scheme: string, login: string) =>
      /^file:/i.test(scheme) || (/^(?:git\+)?ssh:/i.test(scheme) && /^[\w.-]*$/.test(login))
        ? match
        : scheme,
    )
    .replace(NAMED, (_match, name: string, equals: string) => `${name}${equals}${REDACTED}`)
    .replace(AUTHORIZATION, (_match, name: string) => `${name}${REDACTED}`)
    .replace(new RegExp(TOKENS, 'g'), REDACTED);
}

/** A value with the texts in it redacted, its keys too; errors, dates and the like become plain. */
export function redactValue(value: unknown, secrets: Iterable<string> = []): unknown {
  const known = [...secrets];
  const walk = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return redact(part, known);
    if (typeof part !== 'object' || part === null || depth > 32) return part;
    if (Array.isArray(part)) return part.map((each) => walk(each, depth + 1));
    return Object.fromEntries(
      Object.entries(part).map(([key, each]) => [redact(key, known), walk(each, depth + 1)]),
    );
  };
  return walk(value, 0);
}

/** Each way in which a secret is written, longest first, so that none leaves the rest of another. */
function spellings(secrets: Iterable<string>): string[] {
  const all = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    const bytes = Buffer.from(secret);
    for (const spelling of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret.toWellFormed()),
      bytes.toString('latin1'), // what a program makes of it that takes UTF-8 for Latin-1
      bytes.toString('base64'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    ]) {
      if (spelling.length >= SHORTEST) all.add(spelling);
    }
  }
  return [...all].sort((a, b) => b.length - a.length);
}
