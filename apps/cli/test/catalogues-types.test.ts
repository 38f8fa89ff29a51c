import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  changed,
  CONFIGURATION,
  createLoop,
  documentOf,
  edit,
  here,
  pullAndCommit,
  ROOT,
} from './catalogue-loop.js';
import { json, sourceFiles, sourceHistory } from './catalogue-source.js';
import type { Sandbox } from './sandbox.js';

const validation = `    validation:
      types: "src/types/model.ts"
      schemas: [{ files: "ontology/objects/*/_root.json", type: Model }]
`;

const schema = 'schemas/Model.schema.json';

interface PullDocument {
  readonly catalogues: readonly {
    readonly outcome: string;
    readonly files: readonly { readonly path: string; readonly outcome: string }[];
    readonly problems: readonly string[];
  }[];
}

async function pull(sandbox: Sandbox, ...args: string[]) {
  const finished = await sandbox.holdfast(['pull', '--json', ...args]);
  const [only] = documentOf<PullDocument>(finished).catalogues;
  if (!only) throw new Error(finished.stderr);
  return { ...only, exitCode: finished.exitCode };
}

async function findings(sandbox: Sandbox, ...args: string[]): Promise<string[]> {
  const report = documentOf<{ findings: { severity: string; ruleId: string; path: string }[] }>(
    await sandbox.holdfast(['validate', '--json', ...args]),
  );
  return report.findings.map(({ severity, ruleId, path }) => `${severity} ${ruleId} ${path}`);
}

describe('the schemas of the source’s types', () => {
  let sandbox: Sandbox;
  const types = sourceFiles()['src/types/field.ts'] ?? '';

  beforeAll(async () => {
    sandbox = await createLoop(sourceFiles(), CONFIGURATION + validation);
    await pullAndCommit(sandbox);
  });

  afterAll(() => sandbox[Symbol.asyncDispose]());

  test('lie beside the catalogue with the digest of the files that they are made of', async () => {
    const text = await readFile(here(sandbox, schema), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      properties: { fields: {}, name: { type: 'string' } },
      'x-holdfast-source': {
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
        files: ['src/types/field.ts', 'src/types/model.ts'],
      },
    });
    expect(await findings(sandbox)).toEqual([]);
    expect(await pull(sandbox)).toMatchObject({ outcome: 'current', files: [], problems: [] });
    expect(await changed(sandbox)).toBe('');
  });

  test('are what models must follow', async () => {
    const path = 'ontology/objects/member/_root.json';
    const before = await readFile(here(sandbox, path), 'utf8');
    await edit(sandbox, path, before.replace('"integer"', '"decimal(1,2)"'));
    expect(await findings(sandbox)).toEqual([expect.stringMatching(/^error schema\/.*member/)]);
    await edit(sandbox, path, before);
  });

  test('move with the types, and drift tells which of them moved', async () => {
    await sandbox.commit('catalogue.git', 'Unique', {
      'src/types/field.ts': types.replace('minimum', 'unique?: boolean;\n  minimum'),
    });
    expect((await sandbox.holdfast(['drift'])).stdout).toContain(
      '↓ src/types/field.ts  modified in the source',
    );
    expect(await pull(sandbox)).toMatchObject({
      outcome: 'pulled',
      files: [
        { path: schema, outcome: 'updated' },
        { path: 'schemas/Relationship.schema.json', outcome: 'updated' },
      ],
    });
    expect(await readFile(here(sandbox, schema), 'utf8')).toContain('"unique"');
    expect(await sandbox.holdfast(['drift'])).toMatchObject({ exitCode: 0 });
  });

  test('that were edited are kept, told by validate, and made anew by --full; push leaves them out', async () => {
    const before = await readFile(here(sandbox, schema), 'utf8');
    await edit(sandbox, schema, before.replace('"unique"', '"lonely"'));
    expect(await findings(sandbox)).toEqual([`error catalogue/schema-edited ${ROOT}/${schema}`]);
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'nothing',
      files: [],
    });
    expect(await pull(sandbox)).toMatchObject({ files: [{ path: schema, outcome: 'edited' }] });
    expect(await pull(sandbox, '--full')).toMatchObject({ outcome: 'pulled' });
    expect(await readFile(here(sandbox, schema), 'utf8')).toBe(before);
    await rm(here(sandbox, schema));
    expect(await findings(sandbox)).toContain(`error catalogue/schema-missing ${ROOT}/${schema}`);
    expect(await pull(sandbox)).toMatchObject({ outcome: 'pulled' });
    expect(await findings(sandbox)).toEqual([]);
  });

  test('are noticed as stale where the types do not compile, and the pull goes on', async () => {
    await sandbox.commit('catalogue.git', 'Broken', {
      'src/types/field.ts': 'export interface Field { type: Missing }\n',
      'docs/INDEX.md': '# Other\n',
    });
    const broken = await pull(sandbox);
    expect(broken).toMatchObject({ exitCode: 0, outcome: 'pulled' });
    expect(broken.problems.join()).toContain("src/types/field.ts:1: Cannot find name 'Missing'");
    expect((await sandbox.holdfast(['pull'])).stdout).toContain('those of before');
    expect(await findings(sandbox, '--skip', 'link_integrity')).toEqual([
      `warning catalogue/schema-stale ${ROOT}/${schema}`,
      `warning catalogue/schema-stale ${ROOT}/schemas/Relationship.schema.json`,
    ]);
    await sandbox.commit('catalogue.git', 'Mended', { 'src/types/field.ts': types });
    expect(await pull(sandbox)).toMatchObject({ problems: [] });
    expect(await findings(sandbox, '--skip', 'link_integrity')).toEqual([]);
  });

  test('are made of the source alone, whatever its types import', async () => {
    await sandbox.write({ 'secret.json': json({ password: 'x' }) });
    await sandbox.commit('catalogue.git', 'Hostile', {
      'src/types/field.ts': `import secret from '${sandbox.path('secret.json')}';\nimport more from '../../../../../../../..${sandbox.path('secret.json')}';\nexport type Field = typeof secret | typeof more;\n`,
    });
    const hostile = await pull(sandbox);
    expect(hostile.problems.join()).toContain('Cannot find module');
    expect(await readFile(here(sandbox, schema), 'utf8')).not.toContain('password');
  });
});

test(
  'each of twenty commits of real kinds of change is pulled, and what it means is told',
  { timeout: 240_000 },
  async () => {
    await using sandbox = await createLoop(sourceFiles(), CONFIGURATION + validation);
    await pullAndCommit(sandbox);
    const told: string[] = [];
    for (const { message, files } of sourceHistory()) {
      await sandbox.commit('catalogue.git', message, files);
      const finished = await sandbox.holdfast(['pull', '--commit', '--json'], {
        environment: { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' },
      });
      expect({ message, exitCode: finished.exitCode }).toEqual({ message, exitCode: 0 });
      const [pulled] = documentOf<{
        catalogues: [{ semantic?: { changes: { sentence: string; affected: string[] }[] } }];
      }>(finished).catalogues;
      const changes = pulled.semantic?.changes ?? [];
      told.push(
        ...(changes.length === 0
          ? [`${message}: –`]
          : changes.map(
              ({ sentence, affected }) =>
                `${message}: ${sentence}${affected.length > 0 ? ` [${affected.join(', ')}]` : ''}`,
            )),
      );
      expect(await changed(sandbox)).toBe('');
    }
    expect(told).toMatchInlineSnapshot(`
      [
        "Add member.notes: member: field notes added [account, address, arrears, asset, audit_event, bank_statement, branch, broker, campaign, category, consent, contract, credit_score, dependant, device, document, employment, expense, experiment, feature_flag, fee, guarantor, identity, income, invoice, lead, lender, liability, loan_application, merchant, message, notification, offer, partner, payout, product, property, quote, rate, referral, repayment, schedule, session, subscription, ticket, transaction, valuation, vehicle, webhook]",
        "Narrow account.value: account: field value narrowed from number to integer (breaking for readers: 1.5) [filters_share]",
        "Widen rate.value: rate: field value: minimum loosened from 0 to none (breaking for consumers: -1) [marketing_share]",
        "Reword the index: –",
        "Require lender.status: lender: field status is required now (breaking for readers: {}) [compliance_share]",
        "New status of quotes: quote: field status: also allowed: "expired" (breaking for consumers: "expired")",
        "Add model goal: goal: entity added",
        "Add a derivation: risk_score: derivation added",
        "Types: a field may be unique: –",
        "Remove webhook: webhook: entity removed",
        "Format payout: –",
        "Add broker.notes: broker: field notes added",
        "Drop fee.created_at: fee: field created_at removed",
        "Rename ticket to case: case: entity added",
        "Rename ticket to case: ticket: entity removed",
        "Build: –",
        "Bound income.value: income: field value: maximum tightened from none to 1000000 (breaking for readers: 1000001) [affordability_amount]",
        "Other formula: fraud_share: now reads rate.value",
        "Other formula: fraud_share: no longer reads repayment.value, repayment.status",
        "Other formula: fraud_share: the expression changed",
        "Add offer.notes: offer: field notes added",
        "Unique is used: –",
        "For agents: –",
      ]
    `);
    expect((await sandbox.holdfast(['drift'])).stdout).toMatch(/^IN_SYNC: [0-9a-f]{40}\n$/);
    expect(await sandbox.holdfast(['validate'])).toMatchObject({ exitCode: 0 });
  },
);
