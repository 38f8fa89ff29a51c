import { blockLines, quoteScalar } from '../fix/yaml-value.js';
import type { Values } from '../fix/placeholders.js';
import { quoteShell } from '../git/connection-request.js';
import { platforms } from './platforms.js';

/** A contract that the workflow publishes and tests. */
export interface PublishedContract {
  readonly id: string;
  /** Relative to the folder of the project. */
  readonly path: string;
  readonly server: string;
}

export interface NewWorkflow {
  readonly values: Values;
  readonly contracts: readonly PublishedContract[];
  readonly defaultBranch: string;
  /** The folder of the project in its repository, `''` for the root. */
  readonly repositoryPath: string;
  /** Variables that the contracts leave open: see `fromSecret`. */
  readonly openVariables: readonly string[];
}

/**
 * The workflow that publishes and tests a product: it publishes before dbt runs, for the platform refuses lineage of a
 * product that it does not know; keys and hosts of databases come from secrets.
 */
export function writeWorkflow({
  values,
  contracts,
  defaultBranch,
  repositoryPath,
  openVariables,
}: NewWorkflow): string {
  const platform = platforms[values.PLATFORM];
  const lines = [
    `name: ${quoteScalar(`${values.DATA_PRODUCT_NAME} data product`)}`,
    '',
    'on:',
    '  push:',
    '    branches:',
    `      - ${quoteScalar(defaultBranch)}`,
    ...(repositoryPath === ''
      ? []
      : ['    paths:', `      - ${quoteScalar(`${repositoryPath}/**`)}`]),
    '  schedule:',
    '    - cron: "0 6 * * *"',
    '  workflow_dispatch:',
    '',
    'permissions:',
    '  contents: read',
    '',
    'concurrency:',
    '  group: ${{ github.workflow }}',
    '',
    'env:',
    `  ENTROPY_DATA_HOST: ${quoteScalar(values.API_HOST)}`,
    '  ENTROPY_DATA_API_KEY: ${{ secrets.ENTROPY_DATA_API_KEY }}',
    ...Object.entries(platform.secrets).map(
      ([name, secret]) => `  ${name}: \${{ secrets.${secret} }}`,
    ),
    '',
    'jobs:',
    '  publish:',
    '    runs-on: ubuntu-latest',
    ...(repositoryPath === ''
      ? []
      : [
          '    defaults:',
          '      run:',
          `        working-directory: ${quoteScalar(repositoryPath)}`,
        ]),
    '    steps:',
    '      - uses: actions/checkout@v4',
    '',
    '      - uses: actions/setup-python@v5',
    '        with:',
    '          python-version: "3.12"',
    '',
    ...step('Install dbt, datacontract and entropy-data', [
      `pip install ${[...platform.packages, 'openlineage-dbt', 'entropy-data'].map(quoteShell).join(' ')}`,
    ]),
    ...step('Write the profile of dbt', profileScript(values)),
    ...(openVariables.length > 0
      ? step('Fill in what the contracts leave to secrets', fillScript(openVariables, contracts))
      : []),
    ...step('Install dbt packages', ['dbt deps']),
    ...step('Publish the data product', [
      `entropy-data dataproducts put ${quoteShell(values.DATA_PRODUCT_ID)} --file ${quoteShell(values.ODPS_FILE)}`,
    ]),
    ...step(
      contracts.length === 1 ? 'Publish the data contract' : 'Publish the data contracts',
      contracts.map(
        ({ id, path }) =>
          `entropy-data datacontracts put ${quoteShell(id)} --file ${quoteShell(path)}`,
      ),
    ),
    ...step('Run dbt, and send lineage', ['dbt-ol run --target prod'], {
      OPENLINEAGE__TRANSPORT__AUTH__APIKEY: '${{ secrets.ENTROPY_DATA_API_KEY }}',
    }),
    ...step('Test the models', ['dbt test --target prod']),
    ...step(
      contracts.length === 1 ? 'Test the data contract' : 'Test the data contracts',
      contracts.map(
        ({ path, server }) =>
          `datacontract test ${quoteShell(path)} --server ${quoteShell(server)} --publish "$ENTROPY_DATA_HOST/api/test-results"`,
      ),
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function step(
  name: string,
  script: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string[] {
  const [only = '', ...more] = script;
  const run =
    more.length === 0 && !/: |\s#/.test(only)
      ? [`        run: ${only}`]
      : ['        run: |', ...script.map((line) => (line === '' ? '' : `          ${line}`))];
  const variables = Object.entries(env).map(([key, value]) => `          ${key}: ${value}`);
  return [
    `      - name: ${name}`,
    ...run,
    ...(variables.length > 0 ? ['        env:', ...variables] : []),
    '',
  ];
}

/** In a folder of its own: a profiles.yml of the project would go before one in the home folder. */
function profileScript(values: Values): string[] {
  const profile = {
    [values.DBT_PROFILE]: {
      target: 'prod',
      outputs: { prod: platforms[values.PLATFORM].profile(values) },
    },
  };
  return [
    'mkdir -p "$RUNNER_TEMP/dbt"',
    `cat > "$RUNNER_TEMP/dbt/profiles.yml" <<'EOF'`,
    ...blockLines(profile, 0),
    'EOF',
    'echo "DBT_PROFILES_DIR=$RUNNER_TEMP/dbt" >> "$GITHUB_ENV"',
    ...(values.PLATFORM === 'bigquery'
      ? [
          'printf \'%s\' "$DBT_BIGQUERY_KEYFILE_JSON" > "$RUNNER_TEMP/dbt/keyfile.json"',
          'echo "DATACONTRACT_BIGQUERY_ACCOUNT_INFO_JSON_PATH=$RUNNER_TEMP/dbt/keyfile.json" >> "$GITHUB_ENV"',
        ]
      : []),
  ];
}

/** In the checkout of the run alone: no host stands in the repository. */
function fillScript(
  variables: readonly string[],
  contracts: readonly PublishedContract[],
): string[] {
  const names = variables.map((name) => `$${name}`).join(' ');
  return contracts.map(
    ({ path }) =>
      `envsubst '${names}' < ${quoteShell(path)} > "$RUNNER_TEMP/contract.yaml" && mv "$RUNNER_TEMP/contract.yaml" ${quoteShell(path)}`,
  );
}
