import { SkillSyncError } from '../skill-sync-error.js';

/** Keys are compared and indexed whole: longer ones are a mistake. UTF-16 units. */
const maxKeyLength = 65_536;

/** @throws SkillSyncError `invalid-key`, `invalid-value`: what the store would not give back as it was. */
export function checkRow(key: string, value: string): void {
  checkKey(key);
  if (!value.isWellFormed()) {
    throw new SkillSyncError(
      'invalid-value',
      `the value of ${JSON.stringify(shorten(key))} holds half of a surrogate pair, which UTF-8 cannot hold`,
      { hint: 'a value with arbitrary bytes is stored as Base64' },
    );
  }
}

/** @throws SkillSyncError `invalid-key` */
export function checkKey(key: string): void {
  const wrong =
    key === ''
      ? 'is empty'
      : key.length > maxKeyLength
        ? `is longer than ${maxKeyLength} characters`
        : key.includes('\0')
          ? 'holds a NUL, at which every shell and SQLite’s GLOB would cut it off'
          : !key.isWellFormed()
            ? 'holds half of a surrogate pair, which UTF-8 cannot hold'
            : undefined;
  if (wrong === undefined) return;
  throw new SkillSyncError('invalid-key', `the key ${JSON.stringify(shorten(key))} ${wrong}`, {
    hint: 'a key is text like notes:entry:2026-02-13',
  });
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
