import { createHash } from 'node:crypto';

/** The hook that is written. */
export const HOOK = 'pre-commit';

/** What an existing hook is called while ours stands in its place. */
export const KEPT_HOOK = `${HOOK}.before-holdfast`;

const BEGIN = '# >>> holdfast hooks install >>>';
const END = '# <<< holdfast hooks install <<<';

/**
 * Runs the check, found in the work tree's own packages, in those of the main work tree, in PATH, or
 * by npx without a download. Where there is none, or nothing to run it with, the commit goes on: a
 * fresh clone can commit before it installs anything, and CI runs the same checks.
 */
const CHECK = `holdfast_staged() {
  if [ -x node_modules/.bin/holdfast ]; then
    node_modules/.bin/holdfast validate --staged
  elif main=$(git rev-parse --git-common-dir)/.. && [ -x "$main/node_modules/.bin/holdfast" ]; then
    "$main/node_modules/.bin/holdfast" validate --staged
  elif command -v holdfast >/dev/null 2>&1; then
    holdfast validate --staged
  elif npx --no-install --offline holdfast --version >/dev/null 2>&1; then
    npx --no-install --offline holdfast validate --staged
  else
    return 127
  fi
}
holdfast_staged && holdfast_status=0 || holdfast_status=$?
case $holdfast_status in
  0) ;;
  126 | 127)
    echo 'holdfast is not installed here, so what is staged was NOT checked.' >&2
    echo 'Install it with "npm install --save-dev holdfast", or take this hook away: see "git config core.hooksPath" or .git/hooks.' >&2
    ;;
  *)
    echo 'holdfast stopped this commit; to commit all the same: git commit --no-verify' >&2
    exit $holdfast_status
    ;;
esac
`;

/** The hook as a file of its own, which runs the kept one first. */
export function hookText(): string {
  const body = `# Take it away with: holdfast hooks remove

kept="$(dirname "$0")/${KEPT_HOOK}"
if [ -x "$kept" ]; then
  "$kept" "$@" || exit $?
fi

${CHECK}`;
  return `#!/bin/sh\n# Written by holdfast hooks install (${digest(body)}): checks what is staged.\n${body}`;
}

/** What a hook file is to us. `edited`: ours, and changed by someone since. */
export type HookOwner = 'ours' | 'edited' | 'foreign';

/** Tells whose text a hook is; a text of an earlier version is ours too. */
export function ownerOf(text: string): HookOwner {
  const match =
    /^#!\/bin\/sh\n# Written by holdfast hooks install \(([0-9a-f]{16})\)[^\n]*\n(.*)$/s.exec(text);
  if (!match) return 'foreign';
  return match[1] === digest(match[2] ?? '') ? 'ours' : 'edited';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * A script with our block at its end, instead of the block that it had. The line feed before the block
 * is part of it, so that taking it out leaves every byte as it was; only in a script that began with
 * the block there is none, which says that we made the file.
 */
export function withBlock(script: string | undefined): string {
  const block = `${BEGIN}\n${CHECK}${END}\n`;
  if (script === undefined) return block;
  const place = findBlock(script);
  if (!place) return `${script}\n${block}`;
  return script.slice(0, place.start) + block + script.slice(place.end);
}

/** The script without our block: undefined when it was ours alone, the same text when there is none. */
export function withoutBlock(script: string): string | undefined {
  const place = findBlock(script);
  if (!place) return script;
  const rest = script.slice(place.end);
  if (place.start === 0) return rest === '' ? undefined : rest;
  return script.slice(0, place.start - 1) + rest;
}

function findBlock(script: string): { start: number; end: number } | undefined {
  const match = new RegExp(`^${BEGIN}\\n.*?^${END}\\n`, 'ms').exec(script);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}
