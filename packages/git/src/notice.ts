import type { AbandonedLock } from './files/take-lock.js';

/**
 * What was met on the way and dealt with, for whoever keeps a log. `abandoned-lock`: a lock that no
 * living process held was taken away; `reason` says how that is known.
 */
export type Notice = AbandonedLock;
