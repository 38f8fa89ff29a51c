/** What happened on a forge, as far as the worker acts on it. */
export type ForgeEvent =
  | { readonly kind: 'tag'; readonly tag: string; readonly commit: string }
  | {
      readonly kind: 'push';
      readonly branch: string;
      readonly commit: string;
      /** The paths that the push touched; absent where the forge does not list them all. */
      readonly paths?: readonly string[];
    }
  | {
      readonly kind: 'request';
      readonly action: string;
      readonly number: number;
      /** The branch that is to be merged. */
      readonly head: string;
      readonly commit: string;
    }
  /** Nothing to do: the reason, for the answer and the log. */
  | { readonly kind: 'none'; readonly reason: string };

/** The repository that an event is about, by every name that the forge gives it. */
export interface EventRepository {
  /** `owner/name`, with groups where there are any. */
  readonly name: string;
  /** Its web page and its clone URLs. */
  readonly urls: readonly string[];
  /** Its default branch, where the body says it. */
  readonly defaultBranch?: string;
}

/** One delivery of a webhook, its signature checked. */
export interface Delivery {
  /** `local`: a repository on this machine, which nobody delivers for. */
  readonly forge: 'github' | 'gitlab' | 'forgejo' | 'local';
  readonly event: ForgeEvent;
  readonly repository: EventRepository;
  /** When it happened, where the body says it. */
  readonly at?: Date;
}
