import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SkillSyncError } from '../skill-sync-error.js';
import { absent } from '../skill/resolve-path.js';
import { unwritable, writeFileAtomically } from '../write-file.js';

/** The command that the described system's skills call. */
const shimName = 'ambrogioctl';

const mark = '# written by holdfast: skills shim';

export interface ShimOptions {
  /** The words that start Holdfast's command line, such as the paths of node and of `holdfast.js`. */
  readonly command: readonly string[];
  /** Variables that the command gets where they are not set. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A script for `sh` that maps `ambrogioctl state …` to `holdfast state …` and `ambrogioctl sync …` to
 * `holdfast skills …`, with the exit codes of the described system. A query that fails is noted in the
 * file that `HOLDFAST_FAILED_QUERIES` names, so that a script cannot take it for an empty answer.
 */
export function formatShim({ command, environment = {} }: ShimOptions): string {
  const words = command.map(quoteWord).join(' ');
  const defaults = Object.entries(environment).map(
    ([name, value]) => `: "\${${name}:=${escapeDefault(value)}}"; export ${name}\n`,
  );
  return `#!/bin/sh
${mark}
${defaults.join('')}holdfast() { ${words} "$@"; }
scope="\${1-}"
[ $# -gt 0 ] && shift
case "$scope" in
  state) ;;
  sync) holdfast skills "$@"; exit ;;
  *)
    echo "ambrogioctl: holdfast serves 'state' and 'sync' here, not '$scope'" >&2
    exit 2 ;;
esac
action="\${1-}"
[ $# -gt 0 ] && shift
case "$action" in
  get | set) # the key and the value by position, or by --key and --value
    json='' key='' value='' given=''
    while [ $# -gt 0 ]; do
      case "$1" in
        --json) json=--json ;;
        --key) key="\${2-}" given="k$given"; [ $# -gt 1 ] && shift ;;
        --value) value="\${2-}" given="\${given}v"; [ $# -gt 1 ] && shift ;;
        --) ;;
        *) case "$given" in
            k*) value="$1" given="\${given}v" ;;
            *) key="$1" given="k$given" ;;
          esac ;;
      esac
      shift
    done
    case "$given" in
      kv*) set -- "$key" "$value" ;;
      k) set -- "$key" ;;
    esac
    holdfast state "$action" $json -- "$@" ;;
  delete) holdfast state delete --yes "$@" ;;
  *) holdfast state "$action" "$@" ;;
esac
code=$?
case "$code $action" in
  "0 "*) ;;
  "1 get") exit 3 ;; # the key is not there: no failure of the query
  *) [ -z "\${HOLDFAST_FAILED_QUERIES-}" ] || printf '%s\\n' "state $action $* (exit $code)" >>"$HOLDFAST_FAILED_QUERIES" ;;
esac
exit "$code"
`;
}

/** A word that a shell takes as it is. */
function quoteWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Inside of `"${NAME:=…}"`, where quotes stay special. */
function escapeDefault(value: string): string {
  return value.replace(/[\\"$`}]/g, '\\$&');
}

/** What became of the script. */
export interface WrittenShim {
  readonly kind: 'written' | 'unchanged';
  readonly file: string;
}

/**
 * Writes the script into a folder, which is made.
 *
 * @throws SkillSyncError `unwritable` where another program of that name stands.
 */
export async function writeShim(folder: string, options: ShimOptions): Promise<WrittenShim> {
  const file = join(folder, shimName);
  const script = formatShim(options);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  const before = await readFile(file, 'utf8').catch(absent);
  if (before !== undefined && !before.includes(mark)) {
    throw new SkillSyncError('unwritable', `${file} is another program; it is left as it is`, {
      hint: 'name a folder of its own, and put it first in PATH',
    });
  }
  if (before !== script) await writeFileAtomically(file, script, { mode: 0o755, sync: false });
  await chmod(file, 0o755);
  return { kind: before === script ? 'unchanged' : 'written', file };
}
