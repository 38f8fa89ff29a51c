import { adopt, adoptAll, emptyStatus, type AdoptionEvent } from '@holdfast/catalog-diff/adopt';
import type {
  SchemaHashes,
  SchemaStatus,
  StateStore,
  ToolStatus,
} from '@holdfast/catalog-diff/snapshots';

/** How far the schemas of tools are adopted: read at once, written soon. */
export interface Adoption {
  statusOf(server: string, tool: string): ToolStatus | undefined;
  /** Counts what a call said of the present schema; the status that it came to. */
  record(server: string, tool: string, event: AdoptionEvent): ToolStatus;
  /** Takes note of the schemas that servers have now; what is the same as before changes nothing. */
  noteSchemas(
    server: string,
    schemas: readonly (SchemaHashes & { readonly tool: string })[],
    at: string,
  ): void;
  /** Writes what has been counted; resolves when it is on the disk. */
  flush(): Promise<void>;
}

export interface AdoptionOptions {
  readonly store: StateStore;
  readonly thresholds: { readonly successes: number; readonly failures: number };
  readonly isLocked: (server: string, tool: string) => boolean;
  /** How long counts may wait to be written, in milliseconds. */
  readonly writeAfterMs?: number;
  /** Told when counts could not be written; they are kept for the next time. */
  readonly onError: (error: Error) => void;
}

interface Counted {
  readonly server: string;
  readonly tool: string;
  readonly event: AdoptionEvent;
}

/** Opens the adoption of a state folder. Others may write to it too: what was counted here is applied to what they left. */
export async function openAdoption({
  store,
  thresholds,
  isLocked,
  writeAfterMs = 250,
  onError,
}: AdoptionOptions): Promise<Adoption> {
  const keyOf = (server: string, tool: string): string => JSON.stringify([server, tool]);
  const statuses = new Map<string, ToolStatus | SchemaStatus['settled'][number]>();
  let waiting: Counted[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();
  load((await store.read('tool-schema-status')) ?? emptyStatus());

  function load({ tools, settled }: SchemaStatus): void {
    statuses.clear();
    for (const one of [...settled, ...tools]) statuses.set(keyOf(one.server, one.tool), one);
  }

  function apply({ server, tool, event }: Counted): ToolStatus {
    const key = keyOf(server, tool);
    const { status } = adopt({ server, tool }, statuses.get(key), event, thresholds);
    statuses.set(key, status);
    return status;
  }

  function count(counted: Counted): ToolStatus {
    const status = apply(counted);
    waiting.push(counted);
    timer ??= setTimeout(() => void flush().catch(onError), writeAfterMs);
    return status;
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const counted = waiting;
    if (counted.length === 0) return;
    waiting = [];
    try {
      const written = await store.update(
        'tool-schema-status',
        (present = emptyStatus()) => adoptAll(present, counted, thresholds).status,
      );
      load(written);
      for (const one of waiting) apply(one);
    } catch (error) {
      waiting = [...counted, ...waiting];
      throw error;
    }
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  }

  return {
    statusOf: (server, tool) => {
      const status = statuses.get(keyOf(server, tool));
      return status !== undefined && 'state' in status ? status : undefined;
    },
    record: (server, tool, event) => count({ server, tool, event }),
    noteSchemas: (server, schemas, at) => {
      for (const { tool, input, output } of schemas) {
        const known = statuses.get(keyOf(server, tool));
        const held = known !== undefined && 'heldBack' in known ? known.heldBack : undefined;
        const isKnown = [known?.schema, held].some(
          (one) => one?.input === input && one.output === output,
        );
        if (isKnown) continue;
        const schema = { input, output };
        count({
          server,
          tool,
          event: { kind: 'rendered', schema, at, locked: isLocked(server, tool) },
        });
      }
    },
    flush,
  };
}
