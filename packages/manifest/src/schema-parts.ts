import * as z from 'zod';
import { checkPath } from '@holdfast/text';
import { checkGlob, isNegative } from './check-glob.js';

/** What a check says of a text: why it is refused (completing "the key …"), or undefined. */
type Check = (text: string) => string | undefined;

/** A text that a check has to let through; a refusal becomes a finding of the given rule. */
export function checkedText(check: Check, ruleId: string) {
  return z.string().superRefine((text, context) => {
    const message = check(text);
    if (message) context.addIssue({ code: 'custom', message, params: { ruleId } });
  });
}

/** A text with at least one character and no control characters, at most 1,000 long. */
export const ShortText = checkedText((text) => {
  if (text === '') return 'must not be empty';
  if (text.length > 1_000) return 'must not be longer than 1000 characters';
  return /\p{Cc}/u.test(text) ? 'must not hold control characters' : undefined;
}, 'wrong-value');

/** One pattern that selects; `./` at its start is dropped. */
export const Glob = checkedText(
  (pattern) =>
    isNegative(pattern)
      ? 'must not begin with !: exclude in a list of its own'
      : checkGlob(pattern),
  'invalid-glob',
).transform(withoutDot);

/** One pattern or several, as a list. */
export const Globs = z
  .union([Glob, z.array(Glob).min(1, 'must hold one pattern or more')])
  .transform((files) => [files].flat());

/** One pattern, which with a leading `!` excludes from the others of its list. */
export const GlobOrExclusion = checkedText(checkGlob, 'invalid-glob').transform(withoutDot);

/** A file inside the source repository. */
export const FilePath = checkedText(
  (path) => checkPath(withoutDot(path))?.message,
  'unsafe-path',
).transform(withoutDot);

/** A folder inside a repository, as `''` for its root or with `/` at its end, however it was written. */
export const FolderPath = checkedText((path) => {
  const bare = bareFolder(path);
  return bare === '' ? undefined : checkPath(bare)?.message;
}, 'unsafe-path').transform((path) => {
  const bare = bareFolder(path);
  return bare === '' ? '' : `${bare}/`;
});

/** Values by name, in an object without a prototype: a lookup finds only what was written. */
export function named<Value extends z.ZodType>(checkKey: Check, value: Value) {
  return z
    .record(checkedText(checkKey, 'wrong-key'), value)
    .transform((record): Record<string, z.output<Value>> =>
      Object.assign(Object.create(null), record),
    );
}

/** What templates may use: any plain value by a name that a template can write. */
export const Variables = named(
  (name) =>
    /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/.test(name)
      ? undefined
      : 'must be a name of letters, digits, _ and -',
  z.json(),
);

/** What targets are told apart by: plain values by name. */
export const TargetLabels = named(checkLabelName, z.union([z.string(), z.number(), z.boolean()]));

function checkLabelName(name: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/.test(name)
    ? undefined
    : 'must be a name of letters, digits, ., _ and -';
}

function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}

function bareFolder(path: string): string {
  return withoutDot(path === '.' ? '' : path).replace(/\/$/, '');
}
