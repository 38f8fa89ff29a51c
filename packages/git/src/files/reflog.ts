import { appendFileSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readGitConfig } from './git-config.js';
import { makeFolder } from './take-lock.js';

const NOTHING = '0'.repeat(40);

/** One moved ref, as its log notes it. */
export interface LoggedMove {
  readonly ref: string;
  readonly actual: string | null;
  readonly new: string | null;
}

/** Where a repository lies, and what its HEAD names. */
export interface ReflogPlace {
  readonly common: string;
  /** The work tree's own git directory. */
  readonly directory: string;
  readonly bare: boolean;
  readonly head: string | undefined;
}

/**
 * Notes moved refs where git would: refs of branches, remotes and notes in a repository with a work
 * tree or with `core.logAllRefUpdates`, any ref that has a log, and HEAD for its branch. Lines are
 * `OLD NEW NAME <EMAIL> SECONDS ZONE TAB MESSAGE`.
 */
export function appendReflog(
  moves: readonly LoggedMove[],
  message: string,
  { common, directory, bare, head }: ReflogPlace,
): void {
  const setting = readGitConfig(join(common, 'config')).get('core.logallrefupdates');
  const isOn = setting === undefined ? !bare : !/^(?:false|no|off|0)$/i.test(setting);
  const seconds = Math.floor(Date.now() / 1000);
  for (const { ref, actual, new: next } of moves) {
    if (next === null) continue;
    const line = `${actual ?? NOTHING} ${next} holdfast <holdfast@localhost> ${seconds} +0000\t${message}\n`;
    const isKept = setting === 'always' || /^refs\/(?:heads|remotes|notes)\//.test(ref);
    append(join(common, 'logs', ref), line, isOn && isKept, common);
    if (ref === head) append(join(directory, 'logs', 'HEAD'), line, isOn, directory);
  }
}

/** A log is appended to where it is a file; a link is left alone. */
function append(file: string, line: string, create: boolean, common: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined && !create) return;
  if (found !== undefined && !found.isFile()) return;
  makeFolder(dirname(file), common);
  appendFileSync(file, line);
}
