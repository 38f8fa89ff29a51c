import type { ArtifactStatus } from './artifact.js';

/** What a rule says, why, and what to do. `status` is what a file that breaks it is called. */
export interface Rule {
  readonly severity: 'error' | 'warning' | 'info';
  /** Absent: the rule is about something beside the artifact's state. */
  readonly status?: ArtifactStatus;
  /** Why the rule is there. */
  readonly reason: string;
  /** What breaks it. */
  readonly example: string;
  /** What to do. */
  readonly hint: string;
}

function error(status: ArtifactStatus, reason: string, example: string, hint: string): Rule {
  return { severity: 'error', status, reason, example, hint };
}

function warning(
  status: ArtifactStatus | undefined,
  reason: string,
  example: string,
  hint: string,
): Rule {
  return { severity: 'warning', ...(status && { status }), reason, example, hint };
}

function info(reason: string, example: string, hint: string): Rule {
  return { severity: 'info', reason, example, hint };
}

const FIX = 'holdfast odps fix';

/** Every rule by its id. Ids are contract: they stand in configurations and baselines. */
export const rules = {
  'file/unreadable': error(
    'invalid',
    'What is no regular file of UTF-8 text, or is too large, is not read: a symbolic link may lead anywhere.',
    '`openlineage.yml` is a symbolic link',
    'put a regular file of UTF-8 text there',
  ),
  'file/syntax': error(
    'invalid',
    'No tool can read a file that is no YAML, and tools disagree about duplicate keys and odd tags.',
    'the key `id` stands in the file twice',
    'mend the YAML at this place',
  ),
  'file/unknown': error(
    'invalid',
    'Neither name nor content says what the file is.',
    '`odps check README.md`',
    'name one of *.odps.yaml, *.odcs.yaml, openlineage.yml, dbt_project.yml or a workflow',
  ),
  'file/placeholder': error(
    'incomplete',
    'A placeholder of a template was left in, and would be published as it stands.',
    '`id: "{{DATA_PRODUCT_ID}}"`',
    'replace it by its value',
  ),
  'file/several-documents': error(
    'incomplete',
    'Tools read the first document of a file, or none.',
    'two documents, parted by `---`',
    'keep one document in each file',
  ),
  'odps/missing': error(
    'missing',
    'Without an ODPS file the platform knows nothing of the product.',
    'no `*.odps.yaml`',
    `run ${FIX}, which writes one`,
  ),
  'odps/invalid': error(
    'invalid',
    'The file must satisfy the JSON Schema of the version that it declares.',
    '`version: 1.0` of a port, which is a number',
    'make it what the schema of the Open Data Product Standard asks for',
  ),
  'odps/unknown-version': error(
    'invalid',
    'The schema of the declared version is not known, so nothing can be said of the file.',
    '`apiVersion: v9.0.0`',
    'declare apiVersion v1.0.0',
  ),
  'odps/wrong-standard': error(
    'wrong-standard',
    'The Open Data Product Specification of the Linux Foundation shares the abbreviation, and nothing else.',
    '`schema: https://opendataproducts.org/v4.1/schema/odps.yaml`',
    'write a descriptor of the Open Data Product Standard of Bitol (apiVersion v1.0.0, kind DataProduct)',
  ),
  'odps/legacy': warning(
    'legacy',
    'ODPS v0.9.0 is deprecated, and so is the Data Product Specification.',
    '`apiVersion: v0.9.0`',
    'move to the Open Data Product Standard v1.0.0',
  ),
  'odps/several-files': warning(
    'incomplete',
    'A dbt project is one data product: of several files it cannot be told which is meant.',
    '`a.odps.yaml` beside `b.odps.yaml`',
    'keep one, or make each a dbt project of its own',
  ),
  'odps/builder-missing': warning(
    'incomplete',
    'The platform tells by the custom property dataProductBuilder what a product was built with.',
    'no `property: dataProductBuilder` in the top-level `customProperties`',
    `run ${FIX}, which adds the property`,
  ),
  'odps/team-missing': warning(
    'incomplete',
    'A product without a team has no owner.',
    '`team: {name: ""}`',
    'write the id of the team in team.name',
  ),
  'odps/team-unknown': warning(
    'drifted',
    'The platform looks the owner up by the id of a team.',
    '`team: {name: Marketing}`, where the id is `marketing`',
    'write the id of one of the teams of the platform',
  ),
  'odps/no-output-port': warning(
    'incomplete',
    'A product without an output port offers nothing.',
    'no `outputPorts`',
    `run ${FIX}, which adds one`,
  ),
  'odps/duplicate-port': error(
    'incomplete',
    'Name and version are the key of an output port.',
    'two ports `orders`, both of version `1`',
    'give one of them another name or version',
  ),
  'odps/port-without-contract': warning(
    'incomplete',
    'A port without a contract promises nothing.',
    'an output port without `contractId`',
    'name the contract of the port in contractId',
  ),
  'odps/contract-missing': warning(
    'drifted',
    'A port names a contract that is not in the project.',
    '`contractId: orders-v1`, and no `*.odcs.yaml` has that id',
    `run ${FIX}, which writes the contract, or mend the id`,
  ),
  'odps/input-contract-missing': info(
    'An input port names a contract of which there is no local copy.',
    'an input port with `contractId: upstream`, and no such file under `models/input_ports`',
    'fetch it with entropy-data datacontracts get',
  ),
  'contract/missing': error(
    'missing',
    'A product commits itself by the contracts of its output ports.',
    'no `*.odcs.yaml` under `models/output_ports`',
    `run ${FIX}, which writes one`,
  ),
  'contract/invalid': error(
    'invalid',
    'The file must satisfy the JSON Schema of the version of ODCS that it declares.',
    'a Snowflake server without `account`',
    'make it what the schema of the Open Data Contract Standard asks for',
  ),
  'contract/unknown-version': error(
    'invalid',
    'The schema of the declared version is not known, or is a draft; nothing can be said of the file.',
    '`apiVersion: v3.2.0`',
    'declare one of v2.2.0 to v2.2.2, v3.0.0 to v3.0.2, v3.1.0',
  ),
  'contract/legacy': warning(
    'legacy',
    'The Data Contract Specification, team as a list and the field dataProduct are deprecated.',
    '`dataContractSpecification: 0.9.3`',
    'move to the Open Data Contract Standard v3.1.0, where team is an object',
  ),
  'contract/legacy-place': warning(
    'legacy',
    'Contracts stand beside the models that implement them, not in datacontracts/.',
    '`datacontracts/orders-v1.odcs.yaml`',
    `run ${FIX}, which moves the file after asking`,
  ),
  'contract/duplicate-id': error(
    'invalid',
    'Two contracts of one id overwrite each other on the platform.',
    'two files with `id: orders-v1`',
    'give each contract an id of its own',
  ),
  'contract/server-missing': error(
    'incomplete',
    'The contract test runs against the server that the port names.',
    '`contractServer: production`, and no server of that name',
    'add the server to the contract, or name one that is there',
  ),
  'contract/seed-only': warning(
    'incomplete',
    'The columns id and updated_at are what the template begins with, not a contract.',
    'a table with the columns `id` and `updated_at` alone',
    'write the columns that the table has',
  ),
  'contract/no-schema': warning(
    'incomplete',
    'A contract without a table or columns promises nothing that could be tested.',
    '`schema: []`',
    'describe the table and its columns under schema',
  ),
  'contract/columns-differ': warning(
    'incomplete',
    'Contract and dbt model describe one table, and must name the same columns.',
    'the contract has `email`, the model has not',
    'add the column to the one, or take it from the other',
  ),
  'contract/type-differs': warning(
    'incomplete',
    'Contract and dbt model give a column types that cannot both be so.',
    'a `number` in the contract, `data_type: varchar` in the model',
    'give the column one type in both',
  ),
  'contract/manifest-differs': warning(
    'drifted',
    'The manifest of the last dbt run has other columns than the contract.',
    '`target/manifest.json` knows no column `email`',
    'run dbt parse again, and mend the contract or the model',
  ),
  'contract/no-model': info(
    'No dbt model builds the table of the contract, as far as the files say.',
    'a table `orders`, and no `orders.sql`',
    'name the table as its model, or say in the model which contract it is under: config.meta.data_contract.id',
  ),
  'contract/untested': info(
    'The contract promises what no dbt test checks before it is published.',
    '`required: true` without a `not_null` test',
    'add the test to the column of the model',
  ),
  'contract/no-port': warning(
    'orphan',
    'No output port of the product names this contract.',
    'id `orders-v1`, and no port with that contractId',
    'name it in an output port, or remove the file',
  ),
  'contract/version-differs': warning(
    'drifted',
    'The folder v<N> says which version of the port the contract is of.',
    '`models/output_ports/v2/` and a port of version `1`',
    'move the file, or mend the version of the port',
  ),
  'contract/meta-differs': warning(
    'drifted',
    'meta.data_contract of a model names another contract, or another file, than the one of its table.',
    '`meta: {data_contract: {id: other}}`',
    'name the contract of the table',
  ),
  'contract/breaking-change': error(
    'drifted',
    'Consumers of a major version rely on it: what they read must not go away or become something else.',
    'a column that the base commit has is gone, under the same `v1`',
    'keep the promise, or publish the change as a new port under the next v<N>',
  ),
  'input/orphan': warning(
    'orphan',
    'Each input contract has a dbt source of the same name; without it nothing reads by it.',
    '`upstream.odcs.yaml` without `upstream.source.yaml`',
    'add the source, or remove the file',
  ),
  'input/no-contract': info(
    'A source of an input port has no copy of the contract of its provider.',
    '`upstream.source.yaml` without `upstream.odcs.yaml`',
    'fetch it with entropy-data datacontracts get',
  ),
  'input/drifted': warning(
    'drifted',
    'The copy differs from what the provider now publishes; input contracts are never edited by hand.',
    'the platform has a column more',
    'fetch it again with entropy-data datacontracts get',
  ),
  'input/no-access': warning(
    'drifted',
    'No active access agreement covers this input port.',
    'the agreement has ended',
    'request access, or stop reading from the port',
  ),
  'input/missing': warning(
    'missing',
    'There is one input contract for each active access agreement.',
    'an active agreement on `upstream`, and no `upstream.odcs.yaml`',
    'fetch it with entropy-data datacontracts get',
  ),
  'lineage/missing': error(
    'missing',
    'Without openlineage.yml dbt-ol sends lineage nowhere.',
    'no `openlineage.yml`',
    `run ${FIX}, which writes one`,
  ),
  'lineage/wrong-name': error(
    'missing',
    'The OpenLineage client looks for openlineage.yml alone.',
    '`openlineage.yaml`',
    'rename the file to openlineage.yml',
  ),
  'lineage/invalid': error(
    'invalid',
    'The OpenLineage client fails on this transport before dbt runs.',
    '`transport:` without `type`',
    'write a transport of type http with url, endpoint and auth',
  ),
  'lineage/other-transport': warning(
    'incomplete',
    'Only the transport http reaches the platform.',
    '`type: console`',
    'use type: http',
  ),
  'lineage/unknown-key': warning(
    'incomplete',
    'The client drops keys that it does not know without a word.',
    '`urlParams:`',
    'take it away; ids belong into the query of endpoint',
  ),
  'lineage/ids-missing': warning(
    'incomplete',
    'The platform assigns lineage by the ids in the query of the endpoint.',
    '`endpoint: api/v1/lineage`',
    'write endpoint: api/v1/lineage?dataProductId=…&outputPortId=…',
  ),
  'lineage/legacy-port-name': warning(
    'legacy',
    'outputPortName was replaced by outputPortId.',
    '`endpoint: api/v1/lineage?outputPortName=orders`',
    'write outputPortId',
  ),
  'lineage/ids-differ': warning(
    'drifted',
    'The ids in the endpoint are not those of the ODPS file.',
    '`dataProductId=old`',
    'write the id of the product and the name of one of its output ports',
  ),
  'lineage/path-lost': warning(
    'incomplete',
    'The client joins url and endpoint: the last part of a path without a slash at its end is lost.',
    '`url: https://example.com/entropy`',
    'end the url with a slash',
  ),
  'lineage/auth-missing': warning(
    'incomplete',
    'The platform takes no lineage without a key.',
    'no `auth`',
    'add auth: {type: api_key}; the key comes from OPENLINEAGE__TRANSPORT__AUTH__APIKEY',
  ),
  'lineage/key-inside': error(
    'invalid',
    'A key in a file of the repository is a key that everybody has.',
    '`apiKey: ed_…`',
    'take it out, revoke it, and set OPENLINEAGE__TRANSPORT__AUTH__APIKEY where dbt-ol runs',
  ),
  'lineage/host-differs': info(
    'Lineage goes to another host than the one that is asked here, which may be a test instance.',
    '`url: https://api.entropy-data.com`, with a self-hosted platform',
    'write the host that the product is published to',
  ),
  'lineage/several-ports': info(
    'One openlineage.yml serves one output port: the lineage of the others is not assigned.',
    'a product with two output ports',
    'run dbt-ol once for each port, with a file of its own in OPENLINEAGE_CONFIG',
  ),
  'layout/invalid-project': error(
    'invalid',
    'dbt_project.yml says where the models are.',
    '`dbt_project.yml` without `name`',
    'mend dbt_project.yml',
  ),
  'layout/folder-missing': error(
    'incomplete',
    'The four folders mirror how a data product is made: input ports, staging, intermediate, output ports.',
    'no `models/output_ports/v1`',
    `run ${FIX}, which makes the folders and moves no model`,
  ),
  'layout/materialized': info(
    'Tables of output ports are tables; staging and intermediate models are views.',
    'no `+materialized` for `output_ports` in `dbt_project.yml`',
    `run ${FIX}, which adds the keys`,
  ),
  'layout/dbtignore': warning(
    undefined,
    'dbt reads every YAML file in its model paths: up to 1.4 it fails on a contract, from 1.10 it warns, Fusion reports dbt1060, and dbt-autofix deletes what the contract says.',
    '`*.odcs.yaml` under `models/`, and no `.dbtignore` that names it',
    `run ${FIX}, which adds *.odcs.yaml to .dbtignore (dbt 1.11, Fusion and dbt-autofix honour it)`,
  ),
  'workflow/missing': error(
    'missing',
    'Without a workflow nothing is published or tested.',
    'no workflow that runs entropy-data',
    `run ${FIX}, which writes one`,
  ),
  'workflow/invalid': error(
    'invalid',
    'GitHub does not run what is no workflow.',
    '`jobs:` is missing',
    'mend the workflow',
  ),
  'workflow/legacy': warning(
    'legacy',
    'A workflow that publishes with curl knows nothing of contracts and lineage.',
    '`curl -X PUT …/api/dataproducts/…`',
    'publish with entropy-data dataproducts put and datacontracts put',
  ),
  'workflow/no-dbt-ol': warning(
    'incomplete',
    'Only dbt-ol sends lineage.',
    '`dbt run`',
    'run dbt-ol run instead of dbt run',
  ),
  'workflow/no-product-put': warning(
    'incomplete',
    'The workflow does not publish the data product.',
    'no `entropy-data dataproducts put`',
    'add entropy-data dataproducts put ID --file FILE',
  ),
  'workflow/no-contract-put': warning(
    'incomplete',
    'The workflow does not publish this contract.',
    'no `entropy-data datacontracts put orders-v1`',
    'add entropy-data datacontracts put ID --file FILE',
  ),
  'workflow/no-contract-test': warning(
    'incomplete',
    'The workflow does not test this contract.',
    'no `datacontract test` of its file',
    'add datacontract test FILE',
  ),
  'workflow/stale': warning(
    'drifted',
    'The workflow names an id or a file that is not there.',
    '`--file datacontracts/old.odcs.yaml`',
    'name what is there',
  ),
  'workflow/branch': warning(
    'drifted',
    'The workflow does not run on a push to the default branch.',
    '`branches: [main]`, where the default branch is `master`',
    'add the default branch to on.push.branches',
  ),
  'workflow/secret-inside': error(
    'invalid',
    'A key in a file of the repository is a key that everybody has.',
    '`ENTROPY_DATA_API_KEY: ed_…`',
    'take it out, revoke it, and use ${{ secrets.NAME }}',
  ),
  'workflow/no-host': info(
    'Without ENTROPY_DATA_HOST the workflow publishes to the public host, whatever openlineage.yml says.',
    'a self-hosted platform, and no `ENTROPY_DATA_HOST`',
    'set ENTROPY_DATA_HOST in env',
  ),
  'workflow/order': info(
    'The platform refuses lineage of a product that it does not know: what dbt-ol sends before the first publication is lost.',
    '`dbt-ol run` stands before `entropy-data dataproducts put`',
    'publish before dbt-ol run',
  ),
  'workflow/reusable': info(
    'What a reusable workflow does cannot be seen from here.',
    '`uses: org/repo/.github/workflows/publish.yml@v1`',
    'look there',
  ),
  'connection/missing': warning(
    'missing',
    'Without a git connection the platform cannot link what is published to its file.',
    'the product is published, and has no git connection',
    `run ${FIX}, which registers it`,
  ),
  'connection/drifted': warning(
    'drifted',
    'The platform links to another repository, branch or path than this one.',
    '`repositoryBranch: master`, here `main`',
    `run ${FIX}, which asks before it changes the connection`,
  ),
  'connection/not-in-sync': warning(
    'drifted',
    'What the platform has and what git has differ.',
    '`syncStatus: REMOTE_IS_NEWER`',
    'pull or push with entropy-data … gitconnection pull, push or push-pr',
  ),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}
