import type { Configuration, TargetRule } from '@holdfast/manifest';
import type {
  Clock,
  Forge,
  Logger,
  OpenTarget,
  SourceRepository,
  TargetRepository,
} from './ports.js';

/** Everything that the engine works on; the apps put it together. */
export interface Fleet {
  readonly configuration: Configuration;
  readonly rules: readonly TargetRule[];
  /** What manifests and change requests call the source (`owner/name`). */
  readonly sourceName: string;
  /** Where the source is found on the web, for permalinks. */
  readonly sourceUrl?: string;
  readonly source: SourceRepository;
  /** The source, where it can be written to: it remembers how far its rollouts are. Absent: there are none. */
  readonly sourceState?: TargetRepository;
  /** Opens a target by its name; the engine closes it. A rejection fails that target alone. */
  readonly openTarget: (name: string) => Promise<OpenTarget>;
  /** Where the source is told what happens downstream, and has its own requests; absent: nowhere. */
  readonly sourceForge?: Forge;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** Opens a target, hands it on, and closes it in any case. */
export async function withTarget<Result>(
  fleet: Fleet,
  name: string,
  use: (open: OpenTarget) => Promise<Result>,
): Promise<Result> {
  const open = await fleet.openTarget(name);
  try {
    return await use(open);
  } finally {
    await open.repository.close();
  }
}
