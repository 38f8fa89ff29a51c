import { platformNames, type PlatformName } from '../templates/platform-names.js';

/** A placeholder of the templates: the names of the specification, and four that some databases need. */
export interface Placeholder {
  /** What is asked of a person. */
  readonly question: string;
  readonly choices?: readonly string[];
  /** What is wrong with a value; completes "NAME ". */
  check?(value: string): string | undefined;
}

const ID = {
  check: (value: string) =>
    /^[\w.:~-]+$/.test(value) && !/^\.+$/.test(value)
      ? undefined
      : 'must consist of letters, digits and . _ : ~ -',
};
const LINE = {
  check: (value: string) => (/[\p{Cc}\u2028\u2029]/u.test(value) ? 'must be one line' : undefined),
};
const PLAIN = {
  check: (value: string) =>
    /^[^\s'"`$\\{}]+$/.test(value) ? undefined : 'must have no space, quote, $, backslash or brace',
};
const PATH = {
  check: (value: string) =>
    /^[\w@+=,~-][\w.@+=,~-]*(?:\/[\w@+=,~-][\w.@+=,~-]*)*\.odcs\.ya?ml$/.test(value)
      ? undefined
      : 'must be a path inside the project that ends in .odcs.yaml, of letters, digits and . _ - /',
};

export const placeholders = {
  DATA_PRODUCT_ID: { question: 'id of the data product', ...ID },
  DATA_PRODUCT_NAME: { question: 'name of the data product, for people', ...LINE },
  OUTPUT_PORT_NAME: { question: 'name of the output port', ...ID },
  CONTRACT_ID: { question: 'id of the data contract', ...ID },
  CONTRACT_FILE: { question: 'file name of the data contract', check: checkContractFile },
  CONTRACT_PATH: { question: 'path of the data contract', ...PATH },
  TABLE: { question: 'table of the output port', ...PLAIN },
  PURPOSE: { question: 'purpose of the data product, in one sentence' },
  TEAM_NAME: { question: 'id of the team that owns it', ...LINE },
  TAG: { question: 'tag, such as usecases/marketing', ...LINE },
  PLATFORM: { question: 'platform', choices: platformNames },
  CATALOG: {
    question: 'catalog (Snowflake, Postgres: database; BigQuery: project; S3: bucket)',
    ...PLAIN,
  },
  SCHEMA: { question: 'schema (BigQuery: dataset; S3: prefix)', ...PLAIN },
  DBT_PROFILE: { question: 'profile of dbt', ...PLAIN },
  ODPS_FILE: { question: 'ODPS file', check: checkOdpsFile },
  API_HOST: { question: 'URL of the platform', check: checkUrl },
  GIT_REPOSITORY_URL: { question: 'HTTPS URL of the repository', check: checkUrl },
  GIT_REPOSITORY_BRANCH: { question: 'branch that the platform follows', ...PLAIN },
  GIT_CONNECTION_TYPE: {
    question: 'kind of git hosting',
    choices: ['github', 'gitlab', 'bitbucket', 'azuredevops'],
  },
  GIT_HOST: { question: 'URL of a self-hosted git server', check: checkUrl },
  GIT_CREDENTIAL_EXTERNAL_ID: {
    question: 'externalId of the git credential on the platform',
    ...LINE,
  },
  ACCOUNT: { question: 'Snowflake account', ...PLAIN },
  HOST: { question: 'Postgres host', ...PLAIN },
  PORT: {
    question: 'Postgres port',
    check: (value: string) => (/^\d{1,5}$/.test(value) ? undefined : 'must be a number'),
  },
  LOCATION: {
    question: 'S3 location of the table',
    check: (value: string) =>
      /^s3:\/\/[^\s'"`$\\{}]+$/.test(value) ? undefined : 'must begin with s3://',
  },
} as const satisfies Record<string, Placeholder>;

export type PlaceholderName = keyof typeof placeholders;

/** What the placeholders came to; those that only some databases need may be left out. */
export type Values = Readonly<Record<Exclude<PlaceholderName, OptionalName>, string>> &
  Readonly<Partial<Record<OptionalName, string>>> & { readonly PLATFORM: PlatformName };

type OptionalName =
  | 'ACCOUNT'
  | 'HOST'
  | 'PORT'
  | 'LOCATION'
  | 'GIT_REPOSITORY_URL'
  | 'GIT_REPOSITORY_BRANCH'
  | 'GIT_CONNECTION_TYPE'
  | 'GIT_HOST'
  | 'GIT_CREDENTIAL_EXTERNAL_ID';

/** Other names for CATALOG and SCHEMA, as the databases call them. */
const ALIASES: Readonly<Record<string, PlaceholderName>> = {
  DATABASE: 'CATALOG',
  PROJECT: 'CATALOG',
  BUCKET: 'CATALOG',
  DATASET: 'SCHEMA',
  PREFIX: 'SCHEMA',
};

/** The placeholder of a name; undefined for one that is none. */
export function placeholderOf(name: string): PlaceholderName | undefined {
  const plain = ALIASES[name] ?? name;
  return Object.hasOwn(placeholders, plain) ? (plain as PlaceholderName) : undefined;
}

/** What is wrong with a value; undefined for a good one. */
export function checkValue(name: PlaceholderName, value: string): string | undefined {
  const { choices, check }: Placeholder = placeholders[name];
  if (value.trim() === '') return 'must not be empty';
  if (/\$\{\{|\{\{/.test(value))
    return 'must not hold {{, which a template engine or GitHub would replace';
  if (choices && !choices.includes(value)) return `must be one of ${choices.join(', ')}`;
  return check?.(value);
}

function checkContractFile(value: string): string | undefined {
  return /^[\w~-][\w.~-]*\.odcs\.ya?ml$/.test(value)
    ? undefined
    : 'must be a file name that ends in .odcs.yaml';
}

function checkOdpsFile(value: string): string | undefined {
  return /^[\w~-][\w.~-]*\.odps\.ya?ml$/.test(value)
    ? undefined
    : 'must be a file name that ends in .odps.yaml';
}

function checkUrl(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || !['https:', 'http:'].includes(url.protocol)) return 'must be an HTTPS URL';
  if (url.username !== '' || url.password !== '') return 'must hold no user and no password';
  return /[\s'"`$\\{}]/.test(value)
    ? 'must have no space, quote, $, backslash or brace'
    : undefined;
}
