import { parse, TomlError } from 'smol-toml';
import { DEFAULT_HOST } from '../fix/resolve-values.js';
import { member, textOf } from '../mapping.js';

/** Where the platform is, and the key to it: never print it. */
export interface PlatformConnection {
  /** Where it comes from: `the environment`, or the name of a connection. */
  readonly name: string;
  readonly host: string;
  readonly apiKey: string;
}

export type ConnectionChoice =
  | { readonly kind: 'chosen'; readonly connection: PlatformConnection }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly message: string };

export interface ChooseConnectionOptions {
  /** A connection of the configuration file. Default: the environment, else the file's default. */
  readonly name?: string;
  /** Goes before the host of the connection. */
  readonly host?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of the platform's own configuration file, `~/.entropy-data/config.toml`. Default: there is none. */
  readonly config?: string;
}

/** Chooses as the platform's own program does: what is asked for, a named connection, the environment, the default. */
export function chooseConnection({
  name,
  host,
  environment,
  config,
}: ChooseConnectionOptions): ConnectionChoice {
  const read = config === undefined ? {} : parseConfig(config);
  if ('message' in read) return { kind: 'invalid', message: read.message };
  const { file } = read;
  const key = environment['ENTROPY_DATA_API_KEY'];
  const ownHost = host ?? emptyToNone(environment['ENTROPY_DATA_HOST']);
  if (name === undefined && key) {
    return chosen('the environment', ownHost ?? DEFAULT_HOST, key);
  }
  const wanted = name ?? textOf(member(file, 'default_connection_name'));
  if (wanted === undefined) return { kind: 'none' };
  const connection = member(member(file, 'connections'), wanted);
  const apiKey = textOf(member(connection, 'api_key'));
  if (apiKey === undefined || apiKey === '') {
    const message = `the configuration of entropy-data has no connection ${JSON.stringify(wanted)} with a key`;
    return { kind: 'invalid', message };
  }
  const configured = textOf(member(connection, 'host'));
  return chosen(
    wanted,
    (name === undefined ? ownHost : host) ?? configured ?? DEFAULT_HOST,
    apiKey,
  );
}

function chosen(name: string, host: string, apiKey: string): ConnectionChoice {
  return { kind: 'chosen', connection: { name, host: host.replace(/\/+$/, ''), apiKey } };
}

function emptyToNone(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** What is wrong is told by its place: the text around it may be a key. */
function parseConfig(text: string): { file?: unknown } | { message: string } {
  try {
    return { file: parse(text) };
  } catch (error) {
    if (error instanceof TomlError) {
      return {
        message: `the configuration of entropy-data is no TOML: line ${error.line}, column ${error.column}`,
      };
    }
    throw error;
  }
}
