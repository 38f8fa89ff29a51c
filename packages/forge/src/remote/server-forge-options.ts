import type { ForgeClient } from '../client/forge-client.js';
import type { DiffRepository } from './remote-forge-options.js';

/** What a forge on a server stands on. */
export interface ServerForgeOptions {
  readonly client: ForgeClient;
  /** `owner/name`; on GitLab with all groups. */
  readonly path: string;
  /** The same repository by git: what `diff` looks at. */
  readonly repository: DiffRepository;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
