import { ForgeError } from '../port/forge-error.js';

/** How hard a host may be asked. */
export interface GateOptions {
  /** Calls under way at a time. Default 8. */
  readonly concurrency?: number;
  /** The least time between two calls that write, in milliseconds. Default 0. */
  readonly writeIntervalMs?: number;
  /** Calls an hour; the run stops asking this host when they are used up. Default: no limit. */
  readonly requestsPerHour?: number;
  readonly clock: () => Date;
  /** Waits; ends early, with an error, when a run is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What all calls to one host share: how many at a time, and when nobody may ask. */
export interface HostGate {
  /** Waits for a place, makes the call and gives the place back. */
  pass<T>(write: boolean, call: () => Promise<T>): Promise<T>;
  /** Nobody asks before then. */
  pauseUntil(moment: Date): void;
  /** How many calls were made. */
  readonly calls: number;
}

const hour = 60 * 60 * 1000;

/** Creates the gate of a host; calls pass in the order in which they come. */
export function createHostGate(host: string, options: GateOptions): HostGate {
  const {
    concurrency = 8,
    writeIntervalMs = 0,
    requestsPerHour = Infinity,
    clock,
    sleep,
  } = options;
  const waiting: (() => void)[] = [];
  const made: number[] = [];
  let underWay = 0;
  let calls = 0;
  let pausedUntil = 0;
  let nextWrite = 0;

  async function enter(): Promise<void> {
    if (underWay >= concurrency) await new Promise<void>((go) => waiting.push(go));
    else underWay += 1;
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }

  function spend(): void {
    const now = clock().getTime();
    calls += 1;
    if (requestsPerHour === Infinity) return;
    while (made.length > 0 && made[0]! <= now - hour) made.shift();
    if (made.length >= requestsPerHour) {
      const free = new Date(made[0]! + hour);
      throw new ForgeError(
        'rate-limit',
        `${host}: the budget of ${requestsPerHour} requests an hour is used up`,
        {
          hint: `Run again after ${free.toISOString()}, or raise requests_per_hour of this host in the configuration.`,
          data: { host, retryAt: free.toISOString(), budget: requestsPerHour },
        },
      );
    }
    made.push(now);
  }

  return {
    async pass(write, call) {
      await enter();
      try {
        for (let wait = pausedUntil - clock().getTime(); wait > 0;) {
          await sleep(wait);
          wait = pausedUntil - clock().getTime();
        }
        spend();
        if (write && writeIntervalMs > 0) {
          const now = clock().getTime();
          const at = Math.max(now, nextWrite);
          nextWrite = at + writeIntervalMs;
          if (at > now) await sleep(at - now);
        }
        return await call();
      } finally {
        leave();
      }
    },
    pauseUntil(moment) {
      pausedUntil = Math.max(pausedUntil, moment.getTime());
    },
    get calls() {
      return calls;
    },
  };
}
