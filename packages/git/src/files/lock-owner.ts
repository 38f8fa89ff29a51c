import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

/** The first line of a lock that this package takes: who holds it. */
const MARK = 'holdfast-lock';

/** Git holds the lock of a ref for milliseconds. Older ones are looked into; in milliseconds. */
const GIT_SUSPECT_MS = 5_000;

/** Where other machines' processes cannot be seen, only so old a lock counts as left behind. */
const UNSEEN_STALE_MS = 10 * 60_000;

/** Magic numbers of file systems that other machines write to: NFS, SMB, CIFS, 9P, FUSE, Lustre, GPFS. */
const SHARED_SYSTEMS = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x0bd00bd0, 0x47504653,
]);

/** What a lock of this process says: host, boot, process, and when it was started. */
export function describeOwner(): string {
  own ??= [MARK, '1', hostname(), bootId() || '-', `${pid}`, startTime(pid) ?? '-'].join(' ');
  return `${own}\n`;
}

let own: string | undefined;

/**
 * Why no living process holds a lock; undefined where one does, or may. A lock of ours names its
 * process; git's says nothing, so that its age counts, and whether a process has it open, works in the
 * repository, or names it in its arguments.
 */
export function findAbandonment(
  lock: { readonly path: string; readonly text: string; readonly ageMs: number },
  places: readonly string[],
): string | undefined {
  const { path, text, ageMs } = lock;
  const [mark, , host, boot, owner = '', started] = text.trim().split(' ');
  if (mark === MARK) {
    if (host === hostname()) {
      if (boot !== '-' && bootId() !== '' && boot !== bootId()) return 'the machine was restarted';
      return isRunning(Number(owner), started) ? undefined : `process ${owner} has ended`;
    }
    return ageMs > UNSEEN_STALE_MS ? `${host} took it ${minutes(ageMs)} ago` : undefined;
  }
  if (ageMs < GIT_SUSPECT_MS) return undefined;
  if (ageMs > UNSEEN_STALE_MS) return `it is ${minutes(ageMs)} old`;
  if (isShared(path) || mayBeHeld(path, places)) return undefined;
  return `it is ${Math.round(ageMs / 1000)} s old and no process works here`;
}

/** A process number is used again: the one that was started at another time is another. */
function isRunning(owner: number, started: string | undefined): boolean {
  const now = startTime(owner);
  if (now !== undefined) return started === '-' || started === now;
  try {
    kill(owner, 0);
    return bootId() === ''; // without /proc, a process of that number is taken for the owner
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether some process has the lock open, works in the repository, or cannot be looked at. */
function mayBeHeld(path: string, places: readonly string[]): boolean {
  const processes = orNone(() => readdirSync('/proc').filter((name) => /^\d+$/.test(name)));
  if (processes === undefined) return true;
  return processes.some((process) => {
    const folder = `/proc/${process}`;
    const name = orNone(() => readFileSync(`${folder}/comm`, 'utf8').trim());
    if (name === undefined) return false;
    const opened = orNone(() => readdirSync(`${folder}/fd`));
    const isGit = name.startsWith('git');
    if (opened === undefined) return isGit;
    if (opened.some((fd) => orNone(() => readlinkSync(`${folder}/fd/${fd}`)) === path)) return true;
    if (!isGit) return false;
    const words = orNone(() => readFileSync(`${folder}/cmdline`, 'utf8')) ?? '';
    const cwd = orNone(() => readlinkSync(`${folder}/cwd`)) ?? '';
    return places.some((place) => `${cwd}/`.startsWith(`${place}/`) || words.includes(place));
  });
}

function isShared(path: string): boolean {
  const type = orNone(() => statfsSync(path).type);
  return type === undefined || SHARED_SYSTEMS.has(type);
}

function bootId(): string {
  boot ??= orNone(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()) ?? '';
  return boot;
}

let boot: string | undefined;

/** The 22nd field of `stat`; the second is a name in brackets that may hold anything. */
function startTime(owner: number): string | undefined {
  const stat = orNone(() => readFileSync(`/proc/${owner}/stat`, 'latin1'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}

/** Processes end between two looks at them, and those of others cannot be looked at. */
function orNone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
