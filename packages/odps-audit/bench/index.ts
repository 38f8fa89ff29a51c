/**
 * Times the audit of a repository with 2,000 models and 300 contracts beside ajv and a YAML parser over the same
 * contracts and model files, each in a process of its own: `node bench/index.ts`, after a build. Medians of five runs;
 * quote the ratios, for the times are the machine's.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audit, readProject } from '@holdfast/odps-audit';
import { Ajv2019 } from 'ajv/dist/2019.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';

const [mode, given] = process.argv.slice(2);
if (mode === 'ours') await ours(given!);
else if (mode === 'theirs') theirs(given!);
else compare();

function compare(): void {
  const folder = mkdtempSync(join(tmpdir(), 'odps-audit-bench-'));
  try {
    generate(folder);
    for (const [name, args] of [
      ['holdfast: read, parse, judge, cross-check', ['ours', folder]],
      ['ajv and yaml: parse, validate', ['theirs', folder]],
    ] as const) {
      const runs = Array.from({ length: 5 }, () => run(args));
      const [, , median] = runs.map(({ ms }) => ms).sort((a, b) => a - b);
      console.log(`${name.padEnd(44)} ${String(median).padStart(6)} ms  ${runs[0]!.what}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): { ms: number; what: string } {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as { ms: number; what: string };
}

async function ours(folder: string): Promise<void> {
  const start = performance.now();
  const project = (await readProject(folder))!;
  const { artifacts } = await audit(project);
  const ms = Math.round(performance.now() - start);
  const findings = artifacts.flatMap(({ findings, files }) => [
    ...findings,
    ...files.flatMap((file) => file.findings),
  ]);
  const weighty = findings.filter(({ severity }) => severity !== 'info').length;
  console.log(
    JSON.stringify({
      ms,
      what: `${project.models.size} models, ${artifacts[1]!.files.length} contracts, ${weighty} findings`,
    }),
  );
}

function theirs(folder: string): void {
  const start = performance.now();
  const schema = fileURLToPath(
    new URL('../src/schemas/odcs-json-schema-v3.1.0.json', import.meta.url),
  );
  const ajv = ajvFormats.default(new Ajv2019({ strict: false, allErrors: true }));
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  let contracts = 0;
  let invalid = 0;
  for (const path of readdirSync(join(folder, 'models'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.ya?ml$/.test(path)) continue;
    const value: unknown = parse(readFileSync(join(folder, 'models', path), 'utf8'), {
      merge: true,
    });
    if (!path.endsWith('.odcs.yaml')) continue;
    contracts += 1;
    if (!validate(value)) invalid += 1;
  }
  const ms = Math.round(performance.now() - start);
  console.log(JSON.stringify({ ms, what: `${contracts} contracts, ${invalid} invalid` }));
}

/** Ten models in each folder, every one described; every output port has a contract of twelve columns. */
function generate(folder: string): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const columns = Array.from({ length: 12 }, (_, index) => `column_${index}`);
  const describeModel = (name: string) =>
    `  - name: ${name}\n    description: The table ${name}, as the shop has it\n    columns:\n${columns.map((column) => `      - name: ${column}\n        data_type: ${column.endsWith('0') ? 'integer' : 'varchar'}\n        description: What ${column} of ${name} says\n        data_tests: [not_null]\n`).join('')}`;
  write('dbt_project.yml', 'name: shop\nprofile: shop\n');
  const ports: string[] = [];
  for (let index = 0; index < 2000; index++) {
    const name = `model_${index}`;
    const area = index < 300 ? 'output_ports/v1' : `marts/area_${Math.floor(index / 10)}`;
    write(`models/${area}/${name}.sql`, `select * from {{ ref('model_${index + 1}') }}\n`);
    if (index >= 300) continue;
    ports.push(name);
    const properties = columns.map(
      (column) =>
        `      - name: ${column}\n        logicalType: ${column.endsWith('0') ? 'integer' : 'string'}\n        physicalType: ${column.endsWith('0') ? 'integer' : 'varchar'}\n        description: What ${column} of ${name} says\n        required: true\n`,
    );
    write(
      `models/output_ports/v1/${name}-v1.odcs.yaml`,
      `apiVersion: v3.1.0\nkind: DataContract\nid: ${name}-v1\nname: ${name}\nversion: 1.0.0\nstatus: active\ndescription:\n  purpose: Rows of ${name}\nteam:\n  name: sales\nservers:\n  - server: production\n    type: postgres\n    host: db\n    port: 5432\n    database: shop\n    schema: public\nschema:\n  - name: ${name}\n    physicalType: table\n    properties:\n${properties.join('')}`,
    );
  }
  for (let area = 0; area < 200; area++) {
    const names = Array.from({ length: 10 }, (_, index) => `model_${area * 10 + index}`);
    const folderOf = area < 30 ? 'output_ports/v1' : `marts/area_${area}`;
    write(
      `models/${folderOf}/_models_${area}.yml`,
      `version: 2\nmodels:\n${names.map(describeModel).join('')}`,
    );
  }
  for (const path of ['input_ports', 'staging', 'intermediate'])
    write(`models/${path}/_models.yml`, 'version: 2\n');
  write('.dbtignore', '*.odcs.yaml\n');
  write(
    'shop.odps.yaml',
    `apiVersion: v1.0.0\nkind: DataProduct\nid: shop\nstatus: active\nteam: {name: sales}\ncustomProperties:\n  - {property: dataProductBuilder, value: "https://example.com"}\noutputPorts:\n${ports.map((name) => `  - {name: ${name}, version: "1", contractId: ${name}-v1}\n`).join('')}`,
  );
}
