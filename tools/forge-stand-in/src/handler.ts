import type { StoredItem, StoredRepository, World } from './world.js';

/** A request to a stand-in's API, checked against its description. */
export interface ApiRequest {
  readonly world: World;
  /** Where the server listens, without a slash at the end. */
  readonly origin: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whose token it is. */
  readonly user: string;
  /** The whole URL, for links to other pages. */
  readonly url: URL;
}

/** An answer before it is completed and checked. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of an API. */
export type Handler = (request: ApiRequest) => ApiAnswer;

/** The operations of an API, by `method template` as the description writes them. */
export type Handlers = Readonly<Record<string, Handler>>;

/** An API that a stand-in plays. */
export interface Dialect {
  /** The path below which the API lies. */
  readonly prefix: string;
  readonly handlers: Handlers;
  /** The answer to a request that nothing describes or allows. */
  readonly refuse: (status: number, message: string) => ApiAnswer;
  /** Paths outside the description, such as GraphQL. */
  readonly others?: Readonly<Record<string, Handler>>;
  /** Answers that the forge gives and its description leaves out: `METHOD TEMPLATE STATUS`. */
  readonly undescribed?: readonly string[];
  /** The token of a request's headers. */
  readonly tokenOf: (
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ) => string | undefined;
}

/** A page of a list, with the links that lead on. */
export function paginate(
  { query, url }: ApiRequest,
  items: readonly unknown[],
  sizeName: 'per_page' | 'limit',
): ApiAnswer {
  const size = Math.min(Number(query.get(sizeName) ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  const body = items.slice((page - 1) * size, page * size);
  if (page * size >= items.length) return { status: 200, body };
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { status: 200, body, headers: { link: `<${next.href}>; rel="next"` } };
}

/** An item of a repository by its number. */
export function findItem(
  repository: StoredRepository,
  number: string | undefined,
  kind?: StoredItem['kind'],
): StoredItem | undefined {
  return repository.items.find(
    (item) => String(item.number) === number && (kind === undefined || item.kind === kind),
  );
}

/** A text in a body; empty where there is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list of words in a body. */
export function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
