/** What goes wrong, on demand. */
export type FaultKind =
  /** The answer begins only after a while. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The answer is cut off in the middle of its body, after it took effect. */
  | { readonly kind: 'cut' }
  /** It takes effect, and no answer comes. */
  | { readonly kind: 'lost' }
  /** No answer comes, and nothing happened. */
  | { readonly kind: 'refused-connection' }
  /** Any answer, before anything happened. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly html?: boolean;
    };

/** Where and how often it goes wrong. */
export type Fault = FaultKind & {
  readonly method?: string;
  /** Found in the path. */
  readonly path?: string;
  /** How many requests pass first. Default 0. */
  readonly after?: number;
  /** How often. Default once. */
  readonly times?: number;
};

/** Faults that wait for their request. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault of a request, if one waits for it. */
  take(method: string, path: string): FaultKind | undefined;
}

/** Creates an empty list of faults. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; passed: number; taken: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, passed: 0, taken: 0 }),
    clear: () => void (waiting = []),
    take(method, path) {
      for (const entry of waiting) {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.path !== undefined && !path.includes(fault.path)) continue;
        if (entry.passed++ < (fault.after ?? 0)) continue;
        if (entry.taken++ >= (fault.times ?? 1)) continue;
        return fault;
      }
      return undefined;
    },
  };
}
