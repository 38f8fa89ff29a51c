import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '@holdfast/findings';
import { absent } from './resolve-path.js';
import { walkSkill } from './walk-skill.js';

/**
 * Finds what others could change in what is about to run: `file` and the folders between it and `root`
 * (which is checked, too). Trusted are the user's own files and those of the superuser, as long as
 * neither their group nor everyone may write to them.
 *
 * @param uid The user that runs this; `undefined` where a system has no such numbers.
 */
export async function checkTrust(
  file: string,
  { root, uid }: { readonly root: string; readonly uid: number | undefined },
): Promise<Finding[]> {
  if (uid === undefined) return [];
  const findings: Finding[] = [];
  for (let path = file; ; path = dirname(path)) {
    const wrong = explainDistrust(path, await stat(path), uid);
    if (wrong) findings.unshift(wrong);
    if (path === root || path === dirname(path)) return findings;
  }
}

/** A folder with more files than this is not a folder of scripts. */
const maxNeighbours = 2_000;

/** The same for the files beside a program and below, which it may run. */
export async function checkNeighbours(
  program: string,
  uid: number | undefined,
): Promise<Finding[]> {
  if (uid === undefined) return [];
  const findings: Finding[] = [];
  let left = maxNeighbours;
  for await (const path of walkSkill(dirname(program))) {
    if (left-- === 0) break;
    const stats = path === program ? undefined : await stat(path).catch(absent);
    const wrong = stats && explainDistrust(path, stats, uid);
    if (wrong) findings.push(wrong);
  }
  return findings;
}

/** The same for a symlink itself: whoever owns it decides where it leads. */
export async function checkLinkTrust(link: string, uid: number | undefined): Promise<Finding[]> {
  if (uid === undefined) return [];
  const stats = await lstat(link);
  if (!stats.isSymbolicLink() || isTrustedOwner(stats, uid)) return [];
  return [
    untrusted(link, `the symlink belongs to another user (${stats.uid})`, `rm ${quote(link)}`),
  ];
}

function explainDistrust(path: string, stats: Stats, uid: number): Finding | undefined {
  if (!isTrustedOwner(stats, uid)) {
    return untrusted(
      path,
      `it belongs to another user (${stats.uid})`,
      `chown ${uid} ${quote(path)}`,
    );
  }
  if ((stats.mode & 0o022) === 0) return undefined;
  const who = stats.mode & 0o002 ? 'everyone may' : 'its group may';
  return untrusted(path, `${who} write to it`, `chmod go-w ${quote(path)}`);
}

function isTrustedOwner({ uid: owner }: Stats, uid: number): boolean {
  return owner === uid || owner === 0;
}

function untrusted(path: string, why: string, mend: string): Finding {
  return {
    ruleId: 'skills/untrusted',
    severity: 'error',
    message: `${why}, so what it holds is not run; if you trust it: ${mend}`,
    path,
    data: { mend },
  };
}

/** A path as a word of a shell's command. */
export function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
