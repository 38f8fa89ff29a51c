/** What a fleet meets outside itself, handed in: nothing here reads the process. */
export interface FleetSurroundings {
  /** The folder that relative paths begin at; the configuration is searched from it upward. */
  readonly cwd: string;
  /** Like `process.env`. Tokens, cache and state folders, and git's own variables come from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  /** Aborted when the user interrupts: ends what is under way over the network. */
  readonly signal: AbortSignal;
}
