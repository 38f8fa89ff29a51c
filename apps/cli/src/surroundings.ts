import type { Readable } from 'node:stream';

/** Where text goes: `process.stdout`, or what a test collects. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything that a command meets outside itself; `main.ts` takes it from the process. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** The words that start this program again, for the scripts that it writes. Default: `holdfast`. */
  readonly program?: readonly string[];
  /** What this runs on, for `holdfast version`. */
  readonly runtime?: { readonly node: string; readonly platform: string };
  /** Called as work moves on, by whoever shows it otherwise than on a terminal. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Aborted when the user interrupts: ends what is under way over the network. */
  readonly signal: AbortSignal;
}
