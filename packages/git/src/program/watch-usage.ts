import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GitError } from '../git-error.js';
import { beyondLimit } from '../limits.js';

const PAUSE_MS = 200;

/** What a git process may take while an answer comes in. */
export interface UsageLimits {
  /** Bytes of memory, with all its children. */
  readonly memoryBytes: number;
  /** Bytes of unfinished packs in `folder`. */
  readonly answerBytes: number;
  /** The folder of packs that the answer is written to. */
  readonly folder: string;
}

/**
 * Watches what a process takes, and stops it beyond a limit: an endless listing of refs goes into git's
 * memory and an endless pack onto the disk, whatever git is told. Memory is watched where the system
 * shows its processes in `/proc`. The returned function ends the watch.
 */
export function watchUsage(
  pid: number | undefined,
  limits: UsageLimits | undefined,
  stop: (error: GitError) => void,
): () => void {
  if (pid === undefined || limits === undefined) return () => undefined;
  const { memoryBytes, answerBytes, folder } = limits;
  const before = unfinishedBytes(folder);
  const timer = setInterval(() => {
    const held = residentBytes(pid, 0);
    const written = unfinishedBytes(folder) - before;
    if (held > memoryBytes) {
      stop(beyondLimit('memoryBytes', `git holds ${held} bytes of memory`, memoryBytes));
    } else if (written > answerBytes) {
      stop(beyondLimit('answerBytes', `the remote sends ${written} bytes and more`, answerBytes));
    }
  }, PAUSE_MS).unref();
  return () => clearInterval(timer);
}

function residentBytes(pid: number, depth: number): number {
  const status = readProc(`/proc/${pid}/status`);
  const own = 1024 * Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  if (status === '' || depth > 8) return own;
  const children = readProc(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + residentBytes(Number(child), depth + 1), own);
}

function unfinishedBytes(folder: string): number {
  const sizes = orNone(() => readdirSync(folder), [])
    .filter((name) => name.startsWith('tmp_'))
    .map((name) => orNone(() => statSync(join(folder, name)).size, 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function readProc(file: string): string {
  return orNone(() => readFileSync(file, 'latin1'), '');
}

/** Processes and files may end between two looks at them; whatever fails here is no reason to stop. */
function orNone<T>(look: () => T, none: T): T {
  try {
    return look();
  } catch {
    return none;
  }
}
