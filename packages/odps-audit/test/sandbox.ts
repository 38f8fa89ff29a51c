import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  audit,
  createSchemaLibrary,
  readProject,
  type Audit,
  type AuditOptions,
  type Project,
} from '../src/index.js';

/** Compiled once for all tests of a file. */
export const schemas = createSchemaLibrary();

/** Files by path; a link is `{link: target}`, and a path that ends in `/` an empty folder. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** A temporary folder with these files, which goes away after the test. */
export async function makeFolder(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'odps-audit-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFiles(root, files);
  return root;
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path);
    await mkdir(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'object' && 'link' in content) await symlink(content.link, full);
    else await writeFile(full, content);
  }
}

/** All files of a folder by path, as text. */
export async function readTree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    if (entry.isFile() && !path.startsWith('.git/'))
      files[path] = await readFile(join(root, path), 'utf8');
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function readFolder(files: Files): Promise<Project> {
  const project = await readProject(await makeFolder(files), { withSql: true });
  if (!project) throw new Error('no dbt_project.yml');
  return project;
}

export async function auditFiles(files: Files, options: AuditOptions = {}): Promise<Audit> {
  return audit(await readFolder(files), { schemas, ...options });
}

/** The findings of one audit, by artifact, as `rule severity path:line message`. */
export function findingsOf({ artifacts }: Audit) {
  return artifacts.flatMap(({ findings, files }) => [
    ...findings,
    ...files.flatMap((file) => file.findings),
  ]);
}

export const repository = {
  kind: 'repository',
  path: '',
  remote: 'git@github.com:acme/shop.git',
  defaultBranch: 'main',
  branch: 'feature',
} as const;

export const answers = {
  PURPOSE: 'Orders of the shop',
  TEAM_NAME: 'sales',
  TAG: 'usecases/orders',
  PLATFORM: 'snowflake',
  CATALOG: 'analytics',
  SCHEMA: 'orders',
};

/** A well-integrated project, with one output port and nothing to complain about. */
export const goodProject: Files = {
  'dbt_project.yml': `name: shop
version: "1.0"
config-version: 2
profile: shop
models:
  shop:
    staging:
      +materialized: view
    intermediate:
      +materialized: view
    output_ports:
      +materialized: table
`,
  '.dbtignore': '*.odcs.yaml\n',
  'shop.odps.yaml': `apiVersion: v1.0.0
kind: DataProduct
id: shop
name: Shop
status: active
description:
  purpose: Orders
team:
  name: sales
outputPorts:
  - name: orders
    version: "1"
    type: snowflake
    contractId: orders-v1
    customProperties:
      - property: contractServer
        value: production
customProperties:
  - property: dataProductBuilder
    value: https://example.com/our-builder
`,
  'models/output_ports/v1/orders-v1.odcs.yaml': `apiVersion: v3.1.0
kind: DataContract
id: orders-v1
name: Orders
version: 1.0.0
status: active
team:
  name: sales
servers:
  - server: production
    type: snowflake
    account: acme
    database: analytics
    schema: orders
schema:
  - name: orders
    physicalType: table
    properties:
      - name: order_id
        logicalType: integer
        physicalType: number(38,0)
        required: true
        unique: true
      - name: ordered_at
        logicalType: timestamp
        physicalType: timestamp_ntz
`,
  'models/output_ports/v1/orders.sql': "select * from {{ ref('stg_orders') }}\n",
  'models/output_ports/v1/_models.yml': `version: 2
models:
  - name: orders
    config:
      meta:
        data_contract:
          id: orders-v1
          file: models/output_ports/v1/orders-v1.odcs.yaml
    columns:
      - name: order_id
        data_type: integer
        data_tests: [not_null, unique]
      - name: ordered_at
        data_type: timestamp
`,
  'models/input_ports/_models.yml': 'version: 2\n',
  'models/staging/stg_orders.sql': 'select 1 as order_id\n',
  'models/intermediate/_models.yml': 'version: 2\n',
  'openlineage.yml': `transport:
  type: http
  url: https://api.entropy-data.com
  endpoint: api/v1/lineage?dataProductId=shop&outputPortId=orders
  auth:
    type: api_key
`,
  '.github/workflows/data-product.yml': `name: Shop
on:
  push:
    branches: [main]
env:
  ENTROPY_DATA_HOST: https://api.entropy-data.com
  ENTROPY_DATA_API_KEY: \${{ secrets.ENTROPY_DATA_API_KEY }}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: entropy-data dataproducts put shop --file shop.odps.yaml
      - run: entropy-data datacontracts put orders-v1 --file models/output_ports/v1/orders-v1.odcs.yaml
      - run: dbt-ol run
      - run: datacontract test models/output_ports/v1/orders-v1.odcs.yaml
`,
};

/** The good project with some files changed: a function edits one, null takes it away. */
export function withFiles(
  changes: Readonly<
    Record<string, string | null | { readonly link: string } | ((text: string) => string)>
  >,
): Files {
  const files: Record<string, Files[string]> = { ...goodProject };
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) delete files[path];
    else if (typeof change !== 'function') files[path] = change;
    else {
      const before = files[path] as string;
      const after = change(before);
      if (after === before) throw new Error(`${path} was not changed`);
      files[path] = after;
    }
  }
  return files;
}
