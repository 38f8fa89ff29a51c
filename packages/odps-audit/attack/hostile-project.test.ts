import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { applyFix, audit, findProjects, planFix, readGit, readProject } from '../src/index.js';
import { addToYaml } from '../src/fix/patch-yaml.js';
import {
  answers,
  auditFiles,
  findingsOf,
  goodProject,
  makeFolder,
  readTree,
  repository,
  schemas,
  withFiles,
  type Files,
} from '../test/sandbox.js';
import { workflowProblems } from '../test/workflow-checks.js';

const contract = 'models/output_ports/v1/orders-v1.odcs.yaml';
const bomb = `a: &a [${'x,'.repeat(99)}x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: &c [${'*b,'.repeat(99)}*b]\nmodels: *c\n`;

describe('hostile project', () => {
  it.each<[string, Files]>([
    [
      'an alias bomb among the models',
      { ...goodProject, 'models/bomb.yml': `${bomb}# name: orders\n` },
    ],
    [
      'models nested a hundred thousand deep',
      { ...goodProject, 'models/deep.yml': `models: ${'['.repeat(100_000)}# name: orders\n` },
    ],
    [
      'a manifest nested without an end',
      { ...goodProject, 'target/manifest.json': `{"nodes":${'['.repeat(100_000)}` },
    ],
    [
      'a manifest with odd nodes',
      {
        ...goodProject,
        'target/manifest.json':
          '{"nodes":{"__proto__":{"resource_type":"model"},"a":null,"b":[],"c":{"resource_type":"model","name":"orders","columns":7}}}',
      },
    ],
    [
      'model paths that lead out',
      {
        ...goodProject,
        'dbt_project.yml':
          'name: shop\nmodel-paths: ["../../etc", "/etc", "models", ".git/x"]\ntarget-path: /etc\n',
      },
    ],
    [
      'names of steering characters',
      {
        ...goodProject,
        'models/output_ports/v1/\u001b[2J\nx.odcs.yaml': goodProject[contract] as string,
      },
    ],
    [
      'prototype keys',
      {
        ...goodProject,
        'models/proto.yml':
          '__proto__: {models: [{name: orders}]}\nmodels: [{name: orders, constructor: x}]\n',
      },
    ],
    [
      'a million columns',
      {
        ...goodProject,
        'models/wide.yml': `models:\n  - name: wide\n    columns: [${'a,'.repeat(300_000)}a]\n`,
      },
    ],
    [
      'values of every wrong kind',
      withFiles({
        'shop.odps.yaml':
          'kind: DataProduct\napiVersion: v1.0.0\nid: []\noutputPorts: {a: 1}\nteam: 7\ncustomProperties: x\ninputPorts: [null, 1, [x]]\n',
        [contract]:
          'kind: DataContract\napiVersion: v3.1.0\nid: {}\nschema: [null, {name: 1}, {name: x, properties: [null, {name: []}, {name: y, items: {items: {}}}]}]\nservers: [1]\n',
        'openlineage.yml':
          'transport: {type: composite, transports: [null, {type: http, url: 7, auth: x}]}\n',
        '.github/workflows/data-product.yml':
          'on: [push]\nenv: [x]\njobs: {a: null, b: {steps: [null, {run: 7}, {run: "entropy-data dataproducts put"}]}}\n',
        'dbt_project.yml': 'name: shop\nmodels: [x]\n',
      }),
    ],
  ])('%s: is judged to the end', async (_name, files) => {
    const { artifacts } = await auditFiles(files, { git: repository });
    expect(artifacts).toHaveLength(7);
    expect(Object.prototype).not.toHaveProperty('models');
  });

  it('reads neither links nor pipes, and none of what is too large', async () => {
    const folder = await makeFolder({
      ...withFiles({ 'openlineage.yml': { link: '/etc/passwd' } }),
      'models/output_ports/v1/link.odcs.yaml': { link: '/dev/zero' },
      'models/loop': { link: '..' },
      'huge.odps.yaml': 'x'.repeat(6_000_000),
    });
    execFileSync('mkfifo', [
      `${folder}/pipe.odps.yaml`,
      `${folder}/models/output_ports/v1/pipe.odcs.yaml`,
    ]);
    const project = (await readProject(folder))!;
    const found = findingsOf(await audit(project, { git: repository, schemas }));
    expect(
      [
        ...new Set(
          found.filter(({ ruleId }) => ruleId === 'file/unreadable').map(({ path }) => path),
        ),
      ].sort(),
    ).toEqual([
      'huge.odps.yaml',
      'models/output_ports/v1/link.odcs.yaml',
      'models/output_ports/v1/pipe.odcs.yaml',
      'openlineage.yml',
      'pipe.odps.yaml',
    ]);
  });

  it('follows no link in search of projects', async () => {
    const outside = await makeFolder({ 'x/dbt_project.yml': 'name: x\n' });
    const root = await makeFolder({
      'a/dbt_project.yml': 'name: a\n',
      out: { link: outside },
      'b/loop': { link: '../..' },
    });
    expect(await findProjects(root)).toEqual(['a']);
  });

  it.each([
    ['an expression in an id', { id: 'shop ${{ github.token }}', contract: 'orders-v1' }],
    ['an expression in the id of a contract', { id: 'shop', contract: '${{ secrets.KEY }}' }],
    ['a line break in an id', { id: 'shop\n      - run: curl evil', contract: 'orders-v1' }],
  ])('%s: no workflow is written', async (_name, { id, contract: contractId }) => {
    const files = withFiles({
      'shop.odps.yaml': (text) =>
        text
          .replace('id: shop', `id: ${JSON.stringify(id)}`)
          .replace('contractId: orders-v1', `contractId: ${JSON.stringify(contractId)}`),
      [contract]: (text) => text.replace('id: orders-v1', `id: ${JSON.stringify(contractId)} #`),
      '.github/workflows/data-product.yml': null,
    });
    const folder = await makeFolder(files);
    const plan = await planFix((await readProject(folder))!, { git: repository, answers, schemas });
    if (plan.kind !== 'planned') throw new Error(JSON.stringify(plan));
    expect(plan.changes.filter(({ artifact }) => artifact === 'workflow')).toEqual([]);
    expect(plan.refused.map(({ path }) => path)).toContain('.github/workflows/data-product.yml');
  });

  it('quotes for the shell what an id may hold', async () => {
    const id = `a'; touch "$HOME/pwned"; $(id) \`id\` #`;
    const files = withFiles({
      'shop.odps.yaml': (text) => text.replace('id: shop', `id: ${JSON.stringify(id)}`),
      '.github/workflows/data-product.yml': null,
    });
    const folder = await makeFolder(files);
    const plan = await planFix((await readProject(folder))!, { git: repository, answers, schemas });
    if (plan.kind !== 'planned') throw new Error(JSON.stringify(plan));
    const [workflow] = plan.changes.filter(({ artifact }) => artifact === 'workflow');
    const text = workflow?.kind === 'create' ? workflow.after : '';
    expect(await workflowProblems('data-product.yml', text)).toEqual([]);
    const line = /entropy-data (dataproducts put .*)/.exec(text)![1]!;
    const home = await makeFolder({});
    const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], {
      encoding: 'utf8',
      env: { HOME: home, PATH: process.env['PATH'] },
    });
    expect(printed.split('\n')[2]).toBe(id);
    await expect(stat(`${home}/pwned`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes nothing outside of the project, whatever ids and answers say', async () => {
    const outside = await makeFolder({
      'inside/dbt_project.yml': 'name: ../evil\n',
      'inside/models/x.sql': 'select 1\n',
    });
    const project = (await readProject(`${outside}/inside`))!;
    for (const bad of [
      { CONTRACT_PATH: '../evil.odcs.yaml' },
      { CONTRACT_PATH: '/tmp/evil.odcs.yaml' },
      { ODPS_FILE: '../evil.odps.yaml' },
      { CONTRACT_ID: '../../x' },
      { CONTRACT_FILE: 'a/../../x.odcs.yaml' },
      { CONTRACT_PATH: '.github/../../evil.yaml' },
      { CONTRACT_PATH: '.git/hooks/pre-commit' },
    ]) {
      const plan = await planFix(project, {
        git: repository,
        answers: {
          ...answers,
          DATA_PRODUCT_ID: 'x',
          OUTPUT_PORT_NAME: 'x',
          DBT_PROFILE: 'x',
          TABLE: 'x',
          ...bad,
        },
        schemas,
      });
      expect([bad, plan.kind]).toEqual([bad, 'unanswered']);
    }
    const plan = await planFix(project, {
      git: repository,
      answers: {
        ...answers,
        DATA_PRODUCT_ID: 'x',
        OUTPUT_PORT_NAME: 'x',
        DBT_PROFILE: 'x',
        TABLE: 'x',
        DATA_PRODUCT_NAME: 'X',
      },
      schemas,
    });
    if (plan.kind !== 'planned') throw new Error(JSON.stringify(plan));
    await applyFix(plan, { folder: `${outside}/inside` });
    expect(
      Object.keys(await readTree(outside)).filter((path) => !path.startsWith('inside/')),
    ).toEqual([]);
  });

  it('runs no program that the repository names', async () => {
    const folder = await makeFolder(goodProject);
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args]);
    git('init', '-q');
    git('config', 'core.fsmonitor', `touch ${folder}/pwned; false`);
    git('config', 'core.sshCommand', `touch ${folder}/pwned`);
    git('remote', 'add', 'origin', `ext::sh -c touch% ${folder}/pwned`);
    const facts = await readGit(folder, { environment: process.env });
    expect(facts).toMatchObject({ kind: 'repository', path: '' });
    await expect(stat(`${folder}/pwned`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    '-',
    '-1',
    '1.',
    ' - ',
    '1_',
    '[',
    '{a: ',
    '"',
    "'",
    '&',
    '{{ A',
    '{{A}} ',
    '${{ ',
    '\u2028',
    'models: ',
    'name: ',
    '- name: a\n  ',
  ])(
    'much of %j takes no longer than its length',
    async (piece) => {
      const text = `id: x\n${piece.repeat(200_000 / piece.length)}`;
      const audit = await auditFiles({
        ...goodProject,
        'shop.odps.yaml': text,
        'models/x.yml': `models: ${text}`,
        '.github/workflows/x.yml': `run: dbt-ol ${text}`,
      });
      expect(audit.artifacts).toHaveLength(7);
    },
    30_000,
  );

  it.each([
    bomb,
    `customProperties: ${'['.repeat(50_000)}`,
    'customProperties: &a [*a]\n',
    '__proto__: 1\ncustomProperties: []\n',
    `customProperties: []\n${'# x\n'.repeat(100_000)}`,
  ])('patches hostile YAML rightly or not at all', (text) => {
    const patch = addToYaml(text, { kind: 'item', path: ['customProperties'], value: 'x' });
    if (patch.kind === 'patched')
      expect(patch.text).toBe(text.replace('customProperties: []', 'customProperties: [x]'));
  });
});
