import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
import { json, model, sourceFiles } from './catalogue-source.js';
import type { Finished, Sandbox } from './sandbox.js';

interface Report {
  readonly findings: readonly { ruleId: string; severity: string; path: string; message: string }[];
}

/** The findings of a run, each in one line. */
function findingsOf(finished: Finished): string[] {
  return documentOf<Report>(finished).findings.map(
    ({ ruleId, severity, path, message }) =>
      `${severity} ${ruleId} ${path.replace(`${ROOT}/`, '')}: ${message}`,
  );
}

const validate = (sandbox: Sandbox, ...args: string[]) =>
  sandbox.holdfast(['validate', ...args, '--json']);

const derivation = 'ontology/derivations/serviceability/amount.json';

describe('references', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await createLoop();
    await pullAndCommit(sandbox);
  });

  afterAll(() => sandbox[Symbol.asyncDispose]());

  afterEach(() => sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--', '.'));

  test('a catalogue that was just pulled is valid, also where documents link by the places of the source', async () => {
    expect(await validate(sandbox)).toMatchObject({ exitCode: 0 });
    expect((await sandbox.holdfast(['validate', ROOT])).stdout).toContain(
      'catalogue_check  0 problems in 76 files of 1 catalogue',
    );
  });

  test.each<[string, string, string, string[]]>([
    [
      'a derivation that reads a field that no model has',
      derivation,
      json({ name: 'x', inputs: ['member.gone'], expression: 'member.gone + Math.round(1.5)' }),
      [
        `error catalogue/unknown-reference ${derivation}: reads member.gone, and member has no field gone`,
      ],
    ],
    [
      'a derivation that reads a model that is not there',
      derivation,
      json({ name: 'x', inputs: ['nobody.id', 'risk_amount.value', 'lookups.states'] }),
      [
        `error catalogue/unknown-reference ${derivation}: reads nobody.id, and no model is named nobody`,
      ],
    ],
    [
      'a relationship that leads to no model',
      'ontology/objects/member/_root.json',
      json({
        ...(JSON.parse(sourceFiles()['models/member/_root.json'] ?? '') as object),
        relationships: [{ name: 'boss', to: 'boss' }],
      }),
      [
        'error catalogue/unknown-reference ontology/objects/member/_root.json: relationship boss leads to boss, which no model is',
      ],
    ],
    [
      'a document that names a field that its model does not have',
      'docs/CATALOGUE_CLAUDE.md',
      'See `member.gone`, `member.json`, `member` and `other.thing`.\n',
      [
        'warning catalogue/unknown-reference docs/CATALOGUE_CLAUDE.md: names member.gone, and member has no field gone',
      ],
    ],
    [
      'a document that links to a model that is not there',
      'docs/CATALOGUE_CLAUDE.md',
      '[a](models/gone/_root.json) [b](models/member/_root.json) [c](README.md)\n',
      [
        'error link/missing-file docs/CATALOGUE_CLAUDE.md: the link to models/gone/_root.json is broken: there is no models/gone/_root.json',
      ],
    ],
    [
      'JSON that does not parse, and says no more than that',
      'ontology/objects/member/_root.json',
      '{ "name": ',
      [
        'error schema/syntax ontology/objects/member/_root.json: the file does not parse: expected a value, got the end of the text',
      ],
    ],
    [
      'a key that is there twice',
      'ontology/objects/member/_root.json',
      '{ "name": "member", "name": "member" }',
      [expect.stringMatching(/^error schema\/.*member\/_root\.json: .*name/) as string],
    ],
  ])('%s', async (_, path, text, expected) => {
    await edit(sandbox, path, text);
    const found = await validate(sandbox);
    expect(findingsOf(found)).toEqual(expected);
    expect(found.exitCode).toBe(expected.every((one) => String(one).startsWith('warning')) ? 0 : 1);
  });

  test('a model that is deleted is missed by those who read it', async () => {
    await rm(here(sandbox, 'ontology/objects/credit_score'), { recursive: true });
    const found = findingsOf(await validate(sandbox));
    expect(found.join('\n')).toContain('reads credit_score.value, and no model is named');
    expect(found.join('\n')).toContain('the link to ../models/credit_score/_root.json is broken');
  });

  test('a push is stopped by what is new, not by what the source has wrong itself', async () => {
    const files = {
      ...sourceFiles(),
      'derivations/risk/old.json': json({ name: 'old', inputs: ['member.lost'] }),
    };
    await using sandbox = await createLoop(files);
    await pullAndCommit(sandbox);
    expect(await validate(sandbox)).toMatchObject({ exitCode: 1 });
    await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', '# Mine\n');
    expect(documentOf(await sandbox.holdfast(['push', '--dry-run', '--json']))).toMatchObject({
      outcome: 'planned',
      problems: [],
    });
    await edit(sandbox, derivation, json({ name: 'x', inputs: ['member.gone'] }));
    expect(documentOf(await sandbox.holdfast(['push', '--dry-run', '--json']))).toMatchObject({
      outcome: 'invalid',
      problems: [`${derivation}: reads member.gone, and member has no field gone`],
    });
  });
});

describe('the pre-commit hook', () => {
  test('stops a commit that breaks the catalogue, not one of what was pulled broken', async () => {
    const files = {
      ...sourceFiles(),
      'derivations/risk/old.json': json({ name: 'old', inputs: ['member.lost'] }),
    };
    await using sandbox = await createLoop(files);
    await sandbox.holdfast(['pull']);
    const source = sandbox.path('source');
    await sandbox.git(source, 'add', '--all');
    const pulled = await validate(sandbox, '--staged');
    expect(pulled.exitCode).toBe(0);
    expect(findingsOf(pulled)).toEqual([
      'warning catalogue/unknown-reference ontology/derivations/risk/old.json: reads member.lost, and member has no field lost; the source has it so',
    ]);
    await sandbox.git(source, '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', 'Pull');
    await edit(
      sandbox,
      'ontology/objects/credit_score/_root.json',
      model('credit_score', { id: 'string' }),
    );
    await sandbox.git(source, 'add', '--all');
    await edit(sandbox, 'ontology/objects/credit_score/_root.json', 'not what is staged');
    const stopped = await validate(sandbox, '--staged');
    expect(stopped.exitCode).toBe(1);
    expect(findingsOf(stopped).filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining('reads credit_score.value, and credit_score has no field value'),
      expect.stringContaining('reads credit_score.status, and credit_score has no field status'),
    ]);
    await sandbox.git(source, 'checkout', '-q', '--force', 'HEAD');
    await writeFile(sandbox.path('source/elsewhere.txt'), 'x\n');
    await sandbox.git(source, 'add', '--all');
    expect(
      documentOf<{ sync_validation: { checks: object[] } }>(await validate(sandbox, '--staged'))
        .sync_validation.checks,
    ).not.toContainEqual(expect.objectContaining({ name: 'catalogue_check' }));
  });

  test('stops conflict markers', async () => {
    await using sandbox = await createLoop();
    await pullAndCommit(sandbox);
    await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', '# Mine\n');
    await sandbox.commit('catalogue.git', 'Theirs', { 'CLAUDE.md': '# Theirs\n' });
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 1 });
    await sandbox.git(sandbox.path('source'), 'add', '--all');
    expect(findingsOf(await validate(sandbox, '--staged'))).toEqual([
      'error catalogue/undecided docs/CATALOGUE_CLAUDE.md: holds the markers of a conflict that nobody has decided',
    ]);
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'invalid',
    });
  });
});

describe('schemas and the live endpoint', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['name', 'fields'],
  };

  test('models follow the schemas of the configuration', async () => {
    const validation = `    validation: { schemas: [{ files: "ontology/objects/*/_root.json", schema: model.schema.json }] }\n`;
    await using sandbox = await createLoop(sourceFiles(), CONFIGURATION + validation);
    await writeFile(sandbox.path('source/model.schema.json'), json(schema));
    await pullAndCommit(sandbox);
    expect(await validate(sandbox)).toMatchObject({ exitCode: 0 });
    await edit(sandbox, 'ontology/objects/member/_root.json', json({ name: 'member' }));
    const found = findingsOf(await validate(sandbox, '--skip', 'catalogue_check'));
    expect(found).toEqual([expect.stringMatching(/^error schema\/.*fields/)]);
  });

  test('the endpoint of a catalogue is asked about its models, by validate and before a push; not by the hook', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (data: Buffer) =>
        asked.push((JSON.parse(String(data)) as { name: string }).name),
      );
      request.on('end', () => {
        const bad = asked.at(-1) === 'bad';
        response.writeHead(bad ? 422 : 200, { 'content-type': 'application/json' });
        response.end(bad ? '{"errors":[{"message":"no such name"}]}' : '{}');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const validation = `    validation: { live: { url: "http://127.0.0.1:${port}/validate", files: "ontology/objects/{member,account}/_root.json" } }\n`;
    await using sandbox = await createLoop(sourceFiles(), CONFIGURATION + validation);
    try {
      await pullAndCommit(sandbox);
      expect(await validate(sandbox)).toMatchObject({ exitCode: 0 });
      expect(asked.sort()).toEqual(['account', 'member']);
      await edit(
        sandbox,
        'ontology/objects/member/_root.json',
        (await readFile(here(sandbox, 'ontology/objects/member/_root.json'), 'utf8')).replace(
          '"member"',
          '"bad"',
        ),
      );
      const rejected = await validate(sandbox, '--skip', 'link_integrity');
      expect(rejected.exitCode).toBe(1);
      expect(findingsOf(rejected).join('\n')).toContain('no such name');
      const push = await sandbox.holdfast(['push', '--yes', '--json']);
      expect(documentOf<{ problems: string[] }>(push).problems.join('\n')).toContain(
        'no such name',
      );
      asked.length = 0;
      await validate(sandbox, '--offline');
      await sandbox.git(sandbox.path('source'), 'add', '--all');
      await validate(sandbox, '--staged');
      expect(asked).toEqual([]);
      await validate(sandbox, '--staged', '--live');
      expect(asked).toEqual(['bad']);
    } finally {
      server.close();
    }
    const unreachable = await validate(sandbox);
    expect(unreachable.exitCode).toBe(3);
    expect(await sandbox.holdfast(['push', '--yes', '--json'])).toMatchObject({ exitCode: 3 });
    expect(await changed(sandbox)).not.toBe('');
  });
});
