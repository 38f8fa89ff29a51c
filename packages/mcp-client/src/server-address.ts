/** A server that is started as a program. */
export interface StdioServer {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the few variables that every program gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A server that answers over streamable HTTP. */
export interface HttpServer {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a server is reached. */
export type ServerAddress = StdioServer | HttpServer;

/** The servers of a configuration, and what is wrong with others. */
export type ServersReading =
  | {
      readonly kind: 'read';
      readonly servers: ReadonlyMap<string, ServerAddress>;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Reads the servers of a client's configuration, from parsed JSON: `{mcpServers: {NAME: {command, args, env, cwd} | {url,
 * headers}}}`; `servers` in place of `mcpServers` is taken too. An entry that cannot be read is a problem and does not
 * cost the others; a `disabled` one is left out.
 */
export function parseServers(value: unknown): ServersReading {
  const listed = ownObject(value, 'mcpServers') ?? ownObject(value, 'servers');
  if (listed === undefined)
    return {
      kind: 'refused',
      message: 'expected {"mcpServers": {NAME: {"command": …} or {"url": …}}}',
    };
  const servers = new Map<string, ServerAddress>();
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(listed)) {
    const address = readAddress(entry);
    if (typeof address === 'string') problems.push(`${name}: ${address}`);
    else if (address !== undefined) servers.set(name, address);
  }
  return { kind: 'read', servers, problems };
}

/** An address, what is wrong with it, or undefined for one that is switched off. */
function readAddress(entry: unknown): ServerAddress | string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'must be an object';
  const {
    command,
    args = [],
    env = {},
    cwd,
    url,
    headers = {},
    disabled,
  } = entry as Record<string, unknown>;
  if (disabled === true) return undefined;
  if (typeof url === 'string') {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'url must be an http or https URL';
    const texts = textsOf(headers);
    return texts === undefined ? 'headers must be texts' : { kind: 'http', url, headers: texts };
  }
  if (typeof command !== 'string' || command === '') return 'must have a command or a url';
  if (!Array.isArray(args) || args.some((word) => typeof word !== 'string'))
    return 'args must be a list of texts';
  const texts = textsOf(env);
  if (texts === undefined) return 'env must be texts';
  return {
    kind: 'stdio',
    command,
    args: args as string[],
    env: texts,
    ...(typeof cwd === 'string' && { cwd }),
  };
}

function textsOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.some(([, text]) => typeof text !== 'string')) return undefined;
  return Object.fromEntries(entries) as Record<string, string>;
}

function ownObject(value: unknown, key: string): object | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : undefined;
}
