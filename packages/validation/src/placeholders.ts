const placeholderWords =
  /example|placeholder|12345|abcdef|change[-_]?(?:me|it|this)|your[-_]?|redacted|dummy|sample|fake|insert[-_]|replace[-_]|mocked|not[-_]?a[-_]?real|x{4,}|\*{3,}|\.{3}|…|<|>|\$\{|\{\{|%\(|\$\(|^\$|^%\w+%$|^\{\w|^\^|FUZZ/i;
const placeholderPasswords =
  /^(?:my|the|some|super|very|test|new|old|db|app)?[-_]?(?:p(?:ass)?w(?:or)?d|pass|password|passwd|passphrase|secret|user|username|token|root|admin|postgres|mysql|mongo|redis|guest|test|foo|bar|baz|qux|hello|world|hunter2|s3cr3t|p@ssw0rd|123456?|api[-_]?key|[a-z_-]*(?:password|secret|token|passwd))[\d!@#]{0,6}$/i;
const variableName = /^[A-Z][A-Z_]{2,}\d{0,3}$/;

/** Digits typed two by two: `aabbccdd0011`. */
const doubled = /^(?:([0-9a-f])\1){5,}$/i;

/** Whether a value is one that documents use in the place of a secret. */
export function isPlaceholder(value: string): boolean {
  return (
    placeholderWords.test(value) ||
    placeholderPasswords.test(value) ||
    variableName.test(value) ||
    doubled.test(value) ||
    new Set(value).size <= Math.min(4, value.length / 4)
  );
}

/** What code and configuration refer to a secret by: a variable, a path, a call, what another tool has sealed. */
const reference =
  /^(?:[),;.\]}].*|(?:npm|workspace|patch|link|portal):.*|[a-z_$][\w$]*(?:\??\.[a-z_$][\w$]*)+(?:\(.*)?|[\w.$]+\(.*|[$%@&!*?:].*|\/.*|\.{1,2}\/.*|~\/.*|[a-z][a-z0-9+.-]*:\/\/.*|(?:vault|aws|gcp|op|ref|secret|file|env|arn|urn|sha\d+|projects)[:/].*|ENC\[.*|AQICAH.*|[\w-]+(?:\/[\w.-]+)+|\w[\w-]*:[\w-]*|[\w-]*\.(?:pem|key|crt|txt|ya?ml|json|md|sh|py|js|ts|go))$/i;

/** Words joined by hyphens, dots, underscores or by capitals: names, not secrets. */
const words =
  /^[a-z]{2,}(?:[-_.][a-z]{1,}|[-_.]\d{1,4})*$|^[A-Z]{2,}(?:[-_.][A-Z]{2,}|[-_.]\d{1,4})*$|^(?:[A-Z]?[a-z]{2,}){1,8}\d{0,2}$/;

/** Whether a value is made of words, as the name of something is. */
export function isName(value: string): boolean {
  return words.test(value);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a value looks drawn at random: letters and digits mixed, and many different ones. */
export function looksRandom(value: string): boolean {
  if (isPlaceholder(value) || reference.test(value) || words.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  const letters = value.replace(/[^a-z]/gi, '').length;
  return (
    digits >= 3 && letters >= 3 && entropyOf(value) >= (/^[0-9a-f]+$/i.test(value) ? 2.9 : 3.4)
  );
}

/** Whether a value is one that a person may have chosen as a password, or drawn: of several kinds of characters. */
export function looksChosen(value: string): boolean {
  if (value.length < 8 || isPlaceholder(value) || reference.test(value) || words.test(value)) {
    return false;
  }
  if (uuid.test(value) || /^[\d.,:_ -]+$/.test(value) || !/[a-z]/i.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s-]/].filter((kind) => kind.test(value)).length;
  return kinds >= 3 && entropyOf(value) >= 2.75 ? true : looksRandom(value) && value.length >= 16;
}

/** The text behind Base64, where it is printable; undefined where it is none. */
export function decodeBase64(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 === 1) return undefined;
  const text = atob(value);
  return /^[\t\n\r\u0020-\u007e]+$/.test(text) ? text : undefined;
}

/** Shannon's entropy in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}
