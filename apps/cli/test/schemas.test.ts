import { execFile } from 'node:child_process';
import { readdir, readFile, rm, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const files = {
  'src/types/member.ts': `import type { Address } from './address.js';
/** A member. */
export interface Member {
  $schema?: string;
  /** @pattern ^m-[0-9]+$ */
  id: string;
  address: Address;
  friends: Member[];
  kind: Kind;
}
export enum Kind { Person = 'person', Company = 'company' }
export type Page<T> = { items: T[] };
`,
  'src/types/address.ts': `import type { More } from '../shared/more';
export type Address = { street: string; more: More };
`,
  'src/shared/more.ts': `export type More = Record<string, string>;\n`,
};

async function createCatalogue(more: Record<string, string> = {}): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.write(
    Object.fromEntries(
      Object.entries({ ...files, ...more }).map(([path, text]) => [`source/${path}`, text]),
    ),
  );
  return sandbox;
}

const types = ['--types', 'src/types/*.ts'];

async function states(sandbox: Sandbox, ...args: string[]) {
  const { exitCode, stdout } = await sandbox.holdfast(['schemas', 'check', '--json', ...args]);
  const { schemas } = JSON.parse(stdout) as { schemas: { name: string; state: string }[] };
  return { exitCode, ...Object.fromEntries(schemas.map(({ name, state }) => [name, state])) };
}

const readSchema = (sandbox: Sandbox, name: string) =>
  readFile(sandbox.path('source/schemas', name), 'utf8');

describe('schemas extract', () => {
  test('writes one schema for each exported type, with sorted keys and where it came from', async () => {
    await using sandbox = await createCatalogue();
    const { exitCode, stdout } = await sandbox.holdfast(['schemas', 'extract', ...types]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`+ schemas/Address.schema.json
+ schemas/Kind.schema.json
+ schemas/Member.schema.json
Schemas: 3 files written, 0 as they were.
`);
    expect(await readSchema(sandbox, 'Kind.schema.json')).toMatchInlineSnapshot(`
      "{
        "$id": "Kind.schema.json",
        "$schema": "http://json-schema.org/draft-07/schema#",
        "enum": [
          "person",
          "company"
        ],
        "type": "string",
        "x-holdfast-source": {
          "digest": "sha256:30d5d50bbc14d79aaf33e55f858f6b0246cfde271a3758aefa71f45dfa770414",
          "files": [
            "../src/shared/more.ts",
            "../src/types/address.ts",
            "../src/types/member.ts"
          ],
          "schema": "sha256:0118a9a4ab7b18bc9ebd60f93213bb8beec1d0120c38dfbee240c5fbfd696569"
        }
      }
      "
    `);
    const address = await readSchema(sandbox, 'Address.schema.json');
    expect(JSON.parse(address)).toMatchObject({
      'x-holdfast-source': { files: ['../src/shared/more.ts', '../src/types/address.ts'] },
    });
  });

  test('gives the same bytes in another folder, on another day, with other line ends', async () => {
    await using one = await createCatalogue();
    await using two = await createCatalogue(
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
      ),
    );
    await one.holdfast(['schemas', 'extract', ...types]);
    await two.holdfast(['schemas', 'extract', ...types], { now: '2027-01-01T00:00:00Z' });
    const names = await readdir(one.path('source/schemas'));
    expect(names).toEqual(await readdir(two.path('source/schemas')));
    for (const name of names) expect(await readSchema(two, name)).toBe(await readSchema(one, name));
    const again = await one.holdfast(['schemas', 'extract', ...types]);
    expect(again.stdout).toBe('Schemas: 0 files written, 3 as they were.\n');
  });

  test('takes some types, another folder, and a base for $id', async () => {
    await using sandbox = await createCatalogue();
    const args = ['--type', 'Kind', '--out', 'made/', '--base-url', 'https://schemas.example/'];
    const { stdout } = await sandbox.holdfast(['schemas', 'extract', ...types, ...args]);
    expect(stdout).toContain('+ made/Kind.schema.json');
    const kind = await readFile(sandbox.path('source/made/Kind.schema.json'), 'utf8');
    expect(JSON.parse(kind)).toMatchObject({ $id: 'https://schemas.example/Kind.schema.json' });
    expect(await readdir(sandbox.path('source/made'))).toEqual(['Kind.schema.json']);
  });

  test.each([
    {
      name: 'no file',
      more: {},
      args: ['--types', 'nothing/*.ts'],
      exitCode: 2,
      words: ['--types nothing/*.ts matches no TypeScript file'],
    },
    {
      name: 'a type error',
      more: { 'src/types/wrong.ts': 'export type Wrong = Nowhere;\n' },
      args: types,
      exitCode: 2,
      words: ["src/types/wrong.ts:1:21: Cannot find name 'Nowhere'.", 'no schema was written'],
    },
    {
      name: 'a name that nothing has',
      more: {},
      args: [...types, '--type', 'Page'],
      exitCode: 2,
      words: ['no file exports a type Page; exported are Address, Kind, Member'],
    },
    {
      name: 'no tsconfig',
      more: {},
      args: [...types, '--tsconfig', 'none.json'],
      exitCode: 2,
      words: ['none.json: it is no tsconfig that can be read'],
    },
    {
      name: 'two types of one name',
      more: { 'src/types/other.ts': 'export type Kind = string;\n' },
      args: types,
      exitCode: 1,
      words: ['src/types/member.ts:11:1: Kind is exported by src/types/other.ts too'],
    },
    {
      name: 'a type that has no schema',
      more: { 'src/types/odd.ts': "export type Odd = { a: import('./member').Kind };\n" },
      args: types,
      exitCode: 1,
      words: ['src/types/odd.ts:1:24: Odd has no schema: Unknown node', '3 files written'],
    },
    {
      name: 'names that differ in case',
      more: { 'src/types/other.ts': 'export type kind = string;\n' },
      args: types,
      exitCode: 1,
      words: ['Kind.schema.json: differs in case only from kind.schema.json'],
    },
    {
      name: 'a name that is no name of a file',
      more: { 'src/types/other.ts': 'type X = string;\nexport type { X as "../../x" };\n' },
      args: types,
      exitCode: 0,
      words: ['3 files written'],
    },
  ])('has an answer to $name', async ({ more, args, exitCode, words }) => {
    await using sandbox = await createCatalogue(more);
    const finished = await sandbox.holdfast(['schemas', 'extract', ...args]);
    for (const text of words) expect(finished.stdout + finished.stderr).toContain(text);
    expect(finished.exitCode).toBe(exitCode);
  });

  test('reads the compiler options of a tsconfig', async () => {
    await using sandbox = await createCatalogue({
      'tsconfig.json': '{ "compilerOptions": { "strict": false, "composite": true } }',
      'src/types/loose.ts': 'export const loose = (x) => x;\nexport type Loose = string;\n',
    });
    const strict = await sandbox.holdfast(['schemas', 'extract', ...types]);
    expect(strict.stderr).toContain("Parameter 'x' implicitly has an 'any' type");
    const loose = await sandbox.holdfast([
      'schemas',
      'extract',
      ...types,
      '--tsconfig',
      'tsconfig.json',
    ]);
    expect(loose.exitCode).toBe(0);
    expect(loose.stdout).toContain('+ schemas/Loose.schema.json');
  });

  test('takes the generator of the project first', async () => {
    await using sandbox = await createCatalogue({
      'node_modules/ts-json-schema-generator/package.json': '{ "main": "index.js" }',
      'node_modules/ts-json-schema-generator/index.js': 'throw new Error("the project’s own");\n',
    });
    const { exitCode, stderr } = await sandbox.holdfast(['schemas', 'extract', ...types]);
    expect(stderr).toContain('the schemas could not be extracted: the project’s own');
    expect(exitCode).toBe(3);
  });
});

describe('schemas check', () => {
  test('notices what is stale, edited, gone, missing and left over', async () => {
    await using sandbox = await createCatalogue();
    await sandbox.holdfast(['schemas', 'extract', ...types]);
    const current = {
      'Address.schema.json': 'current',
      'Kind.schema.json': 'current',
      'Member.schema.json': 'current',
    };
    expect(await states(sandbox)).toEqual({ exitCode: 0, ...current });
    expect(await states(sandbox, ...types)).toEqual({ exitCode: 0, ...current });

    const kind = await readSchema(sandbox, 'Kind.schema.json');
    await sandbox.write({ 'source/schemas/Kind.schema.json': kind.replace('person', 'human') });
    const edited = { ...current, 'Kind.schema.json': 'edited' };
    expect(await states(sandbox)).toEqual({ exitCode: 1, ...edited });
    expect(await states(sandbox, ...types)).toEqual({ exitCode: 1, ...edited });

    await sandbox.write({ 'source/src/shared/more.ts': 'export type More = number;\n' });
    const stale = { ...edited, 'Address.schema.json': 'stale', 'Member.schema.json': 'stale' };
    expect(await states(sandbox)).toEqual({ exitCode: 1, ...stale });
    const { stdout } = await sandbox.holdfast(['schemas', 'check']);
    expect(stdout).toBe(`! schemas/Address.schema.json  its sources changed since it was extracted
! schemas/Kind.schema.json  it was edited by hand
! schemas/Member.schema.json  its sources changed since it was extracted
Schemas: 3 of 3 out of date.
Write them anew with: holdfast schemas extract
`);

    await rm(sandbox.path('source/src/types/member.ts'));
    await sandbox.write({ 'source/src/types/new.ts': 'export type New = string;\n' });
    const gone = await sandbox.holdfast(['schemas', 'check']);
    expect(gone.stdout).toContain('(gone: ../src/types/member.ts)');
    expect(await states(sandbox, ...types)).toEqual({
      exitCode: 1,
      'Address.schema.json': 'stale',
      'Kind.schema.json': 'obsolete',
      'Member.schema.json': 'obsolete',
      'New.schema.json': 'missing',
    });
    const extracted = await sandbox.holdfast(['schemas', 'extract', ...types]);
    expect(extracted.stdout).toContain('! schemas/Kind.schema.json  no type has it any more');
    expect(extracted.exitCode).toBe(0);
  });

  test('needs schemas that were extracted', async () => {
    await using sandbox = await createCatalogue({ 'schemas/own.schema.json': '{}' });
    const { exitCode, stderr } = await sandbox.holdfast(['schemas', 'check']);
    expect(stderr).toContain('holds no extracted schema');
    expect(exitCode).toBe(2);
  });
});

test('models validate against extracted schemas, without the compiler', async () => {
  await using sandbox = await createCatalogue({
    'objects/good.json':
      '{ "$schema": "../schemas/Member.schema.json", "id": "m-1", "address": { "street": "A", "more": {} }, "friends": [], "kind": "person" }\n',
    'objects/bad.json':
      '{\n  "$schema": "../schemas/Member.schema.json",\n  "id": "x", "address": { "street": 1, "more": {} }, "friends": [], "kind": "person"\n}\n',
  });
  await symlink(
    fileURLToPath(new URL('../../../node_modules', import.meta.url)),
    sandbox.path('source/node_modules'),
  );
  await sandbox.holdfast(['schemas', 'extract', ...types]);
  await rm(sandbox.path('source/node_modules'));
  const { exitCode, stdout } = await sandbox.holdfast([
    'validate',
    'objects',
    '--schemas',
    'schemas/',
  ]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/objects\/bad\.json\n +3:9 +error .*\n +3:37 +error/);
  expect(stdout).not.toContain('objects/good.json');
});

test('the bundle brings its worker', async () => {
  await using sandbox = await createCatalogue();
  const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bin, 'schemas', 'extract', ...types],
    { cwd: sandbox.path('source') },
  );
  expect(stdout).toContain('Schemas: 3 files written');
});
