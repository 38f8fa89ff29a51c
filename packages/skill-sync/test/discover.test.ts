import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discoverSkills, parseSyncManifest } from '../src/index.js';
import { createWorkspace, type Workspace } from './support/workspace.js';

let work: Workspace;
beforeEach(() => (work = createWorkspace()));
afterEach(() => work.remove());

const published = {
  version: '1',
  outputFile: '/data/MEMORY.md',
  patterns: ['memory:*'],
  generator: './scripts/sync.sh',
  description: 'Syncs semantic memory to human-readable file',
};

function messages(text: string): string[] {
  return parseSyncManifest(text, 'SYNC.json').findings.map(
    ({ severity, message, range }) =>
      `${range?.start.line}:${range?.start.column} ${severity} ${message}`,
  );
}

test('the published manifest is taken as it is, also with a byte order mark', () => {
  const expected = {
    manifest: {
      version: '1',
      outputFile: '/data/MEMORY.md',
      patterns: ['memory:*'],
      maker: { kind: 'generator', path: './scripts/sync.sh' },
      outputs: [],
      description: 'Syncs semantic memory to human-readable file',
    },
    findings: [],
  };
  expect(parseSyncManifest(JSON.stringify(published), 'SYNC.json')).toEqual(expected);
  expect(parseSyncManifest(`\ufeff${JSON.stringify(published)}`, 'SYNC.json')).toEqual(expected);
});

test.each([
  ['a wrong version', { version: '2' }, ['1:12 error version must be "1", got "2"']],
  ['a version that is a number', { version: 1 }, ['1:12 error version must be "1", got 1']],
  [
    'a key that is missing',
    { patterns: undefined },
    ['1:1 error patterns is missing; expected a list of key patterns, such as ["notes:entry:*"]'],
  ],
  ['no patterns', { patterns: [] }, ['1:58 error patterns: must name at least one pattern']],
  [
    'a pattern that is none',
    { patterns: ['a\\'] },
    ['1:59 error the pattern "a\\\\" ends with a \\ that escapes nothing'],
  ],
  ['patterns that are text', { patterns: 'a' }, ['1:58 error patterns must be an array, got "a"']],
  [
    'an output that is relative',
    { outputFile: 'NOTES.md' },
    [
      '1:29 error outputFile must be an absolute path of a file, such as /data/NOTES.md, got "NOTES.md"',
    ],
  ],
  [
    'a generator that leads out',
    { generator: '../x.sh' },
    [
      '1:83 error generator must be a path inside of the skill, such as ./scripts/sync.sh, without .., got "../x.sh"',
    ],
  ],
  [
    'a generator that is absolute',
    { generator: '/bin/sh' },
    [
      '1:83 error generator must be a path inside of the skill, such as ./scripts/sync.sh, without .., got "/bin/sh"',
    ],
  ],
  [
    'two makers',
    { template: 'a.liquid' },
    ['1:175 error generator and template exclude each other; remove one'],
  ],
  [
    'a format that is none',
    { outputs: [{ file: '/data/x', format: 'xml' }] },
    ['1:202 error outputs[0].format must be one of "markdown", "json", "yaml", got "xml"'],
  ],
  [
    'a key that is not known',
    { ouputs: [] },
    ['1:164 warning "ouputs" is not a key that this version knows; it is passed over'],
  ],
  [
    'a key of prototypes',
    JSON.parse('{"constructor": 1}') as object,
    ['1:164 warning "constructor" is not a key that this version knows; it is passed over'],
  ],
])('%s is said with its place', (_name, change, expected) => {
  expect(messages(JSON.stringify({ ...published, ...change }))).toEqual(expected);
});

test.each([
  ['{"version": "1", "version": "1"}', '1:18 error the key "version" stands here twice'],
  ['{"__proto__": {}}', '1:2 error the key "__proto__" is not data'],
  ['{"version": "1",}', '1:16 error a comma before "}"'],
  ['[]', '1:1 error SYNC.json must be an object, got []'],
  ['['.repeat(100), '1:33 error nested deeper than 32 levels'],
  ['', '1:1 error expected a value, got the end of the text'],
])('%j is refused', (text, expected) => {
  expect(messages(text)[0]).toBe(expected);
});

const generator = { 'scripts/sync.sh': '#!/bin/sh\n' };

function manifestFor(output: string, more: object = {}): object {
  return { ...published, outputFile: join(work.data, output), ...more };
}

async function rulesOf(name = 'a'): Promise<string[]> {
  const skill = await work.skill(name);
  return skill.findings.map(
    ({ ruleId, message }) => `${ruleId}: ${message.replaceAll(work.root, 'ROOT')}`,
  );
}

test('skills are found in the usual and in named folders, those without SYNC.json passed over', async () => {
  work.addSkill('a', manifestFor('a.md'), generator);
  for (const [folder, name] of [
    ['.agents/skills', 'b'],
    ['.claude/skills', 'c'],
    ['extra', 'd'],
  ] as const) {
    work.write(`${folder}/${name}/SYNC.json`, JSON.stringify(manifestFor(`${name}.md`)));
    work.write(`${folder}/${name}/scripts/sync.sh`, '#!/bin/sh\n');
  }
  work.write('skills/plain/SKILL.md', '');
  work.write('skills/README.md', '');
  const found = await work.find({ folders: ['extra'] });
  expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  await expect(work.find({ folders: ['no'] })).rejects.toMatchObject({
    code: 'skills-folder-missing',
  });
});

test('a name twice is a finding; the same skill by two ways is one', async () => {
  work.addSkill('a', manifestFor('a.md'), generator);
  mkdirSync(join(work.root, '.claude/skills'), { recursive: true });
  symlinkSync(join(work.root, 'skills/a'), join(work.root, '.claude/skills/a'));
  const options = { cwd: work.root, outputRoots: [work.data], uid: process.getuid?.() };
  expect((await discoverSkills(options)).findings).toEqual([]);
  work.write('.agents/skills/a/SYNC.json', JSON.stringify(manifestFor('other.md')));
  const { skills, findings } = await discoverSkills(options);
  expect(findings).toMatchObject([
    { ruleId: 'skills/duplicate-name', path: join(work.root, '.agents/skills/a') },
  ]);
  expect(skills.map(({ directory }) => directory)).toEqual([join(work.root, 'skills/a')]);
});

test('two skills with one output are refused, both of them, with both names', async () => {
  work.addSkill('a', manifestFor('same.md'), generator);
  work.addSkill(
    'b',
    manifestFor('b.md', { outputs: [{ file: join(work.data, 'x/../same.md'), format: 'json' }] }),
    generator,
  );
  work.write('data/x/.keep', '');
  for (const name of ['a', 'b']) {
    const { findings } = await work.skill(name);
    expect(findings).toMatchObject([
      { ruleId: 'skills/shared-output', data: { skills: ['a', 'b'] } },
    ]);
  }
});

test.each([
  [
    'outside of the allowed folders',
    () => '/etc/passwd.md',
    /^skills\/output-refused: \/etc\/passwd\.md lies outside of \/data and ROOT\/data/,
  ],
  [
    'out of them by ..',
    () => join(work.data, '../x.md').replace('/x.md', '/data/../x.md'),
    /lies outside/,
  ],
  [
    'in a folder that is not there',
    () => join(work.data, 'no/x.md'),
    /the folder of .* is not there; make it: mkdir -p/,
  ],
  ['a folder', () => work.data + '/folder', /is not a file/],
  ['the store', () => work.storeFile, /would overwrite what skills are run from/],
  ['its log', () => `${work.storeFile}-wal`, /would overwrite/],
  ['a skill', () => join(work.root, 'skills/a/scripts/sync.sh'), /would overwrite/],
])('an output that is %s is refused', async (_name, output, expected) => {
  mkdirSync(join(work.data, 'folder'));
  work.addSkill('a', { ...published, outputFile: output() }, generator);
  const skills = await work.find({
    outputRoots: output().startsWith(join(work.root, 'skills')) ? [work.root] : [work.data],
    reserved: [work.storeFile, `${work.storeFile}-wal`],
  });
  const [finding] = skills[0]?.findings ?? [];
  expect(`${finding?.ruleId}: ${finding?.message.replaceAll(work.root, 'ROOT')}`).toMatch(expected);
});

test('an output that leads out by a symlink is refused, be its end there or not', async () => {
  work.addSkill('a', manifestFor('link.md'), generator);
  symlinkSync('/etc/hostname', join(work.data, 'link.md'));
  expect(await rulesOf()).toEqual([
    'skills/output-refused: ROOT/data/link.md (it leads to /etc/hostname) lies outside of /data and ROOT/data, where outputs may be; --output-root DIR allows another folder',
  ]);
  rmSync(join(work.data, 'link.md'));
  symlinkSync('/etc/no-such-file', join(work.data, 'link.md'));
  expect((await rulesOf())[0]).toContain('it leads to /etc/no-such-file');
  rmSync(join(work.data, 'link.md'));
  symlinkSync('link.md', join(work.data, 'link.md'));
  expect((await rulesOf())[0]).toContain('is not there');
  const folder = join(work.data, 'sub');
  symlinkSync('/etc', folder);
  work.addSkill('a', manifestFor('sub/x.md'), generator);
  expect((await rulesOf())[0]).toContain('it leads to /etc/x.md');
});

test.each([
  [
    'is not there',
    () => undefined,
    'skills/generator-missing: there is no generator at ./scripts/sync.sh',
  ],
  [
    'may not be executed',
    () => work.write('skills/a/scripts/sync.sh', '#!/bin/sh\n', 0o644),
    'skills/generator-not-executable: it may not be executed; allow it: chmod +x ROOT/skills/a/scripts/sync.sh',
  ],
  [
    'says not by what it is run',
    () => work.write('skills/a/scripts/sync.sh', 'echo hello\n', 0o755),
    'skills/generator-invalid: it is no program: a script begins with #! and what runs it, such as #!/usr/bin/env bash',
  ],
  [
    'is a folder',
    () => mkdirSync(join(work.root, 'skills/a/scripts/sync.sh'), { recursive: true }),
    'skills/generator-invalid: it is not a file',
  ],
  [
    'leads out of the skill',
    () => {
      mkdirSync(join(work.root, 'skills/a/scripts'));
      symlinkSync('/bin/true', join(work.root, 'skills/a/scripts/sync.sh'));
    },
    /^skills\/generator-outside: it leads out of the skill, to /,
  ],
])('a generator that %s is refused', async (_name, prepare, expected) => {
  work.addSkill('a', manifestFor('a.md'));
  prepare();
  const [rule] = await rulesOf();
  if (typeof expected === 'string') expect(rule).toBe(expected);
  else expect(rule).toMatch(expected);
});

test.each([
  ['the skill', '', 0o777, 'everyone may write to it'],
  ['the skill', '', 0o775, 'its group may write to it'],
  ['the generator', 'scripts/sync.sh', 0o757, 'everyone may write to it'],
  ['its folder', 'scripts', 0o777, 'everyone may write to it'],
  ['a script that it may call', 'scripts/lib/helper.sh', 0o666, 'everyone may write to it'],
  ['the manifest', 'SYNC.json', 0o666, 'everyone may write to it'],
])('%s (%s) with mode %o is refused, with what mends it', async (_name, path, mode, why) => {
  const folder = work.addSkill('a', manifestFor('a.md'), {
    ...generator,
    'scripts/lib/helper.sh': '',
  });
  chmodSync(join(folder, path), mode);
  const file = path === '' ? 'ROOT/skills/a' : `ROOT/skills/a/${path}`;
  expect(await rulesOf()).toEqual([
    `skills/untrusted: ${why}, so what it holds is not run; if you trust it: chmod go-w ${file}`,
  ]);
});

test('what belongs to another user is refused', async () => {
  const folder = work.addSkill('a', manifestFor('a.md'), generator);
  const uid = process.getuid?.() ?? 0;
  const other = (skills: readonly { findings: readonly { message: string }[] }[]) =>
    skills[0]?.findings.map(({ message }) => message)[0];
  if (uid === 0) {
    chownSync(folder, 4242, 4242);
    expect(other(await work.find())).toContain(
      `it belongs to another user (4242), so what it holds is not run; if you trust it: chown 0 ${folder}`,
    );
  } else expect(other(await work.find({ uid: uid + 1 }))).toContain('it belongs to another user');
});

test('a skill that is a symlink is checked where it leads', async () => {
  work.write('elsewhere/SYNC.json', JSON.stringify(manifestFor('a.md')));
  work.write('elsewhere/scripts/sync.sh', '#!/bin/sh\n');
  mkdirSync(join(work.root, 'skills'));
  symlinkSync('../elsewhere', join(work.root, 'skills/linked'));
  symlinkSync('nowhere', join(work.root, 'skills/broken'));
  symlinkSync('loop', join(work.root, 'skills/loop'));
  expect((await work.find()).map(({ name, parts }) => [name, parts !== undefined])).toEqual([
    ['linked', true],
  ]);
  chmodSync(join(work.root, 'elsewhere'), 0o777);
  expect((await work.skill('linked')).parts).toBeUndefined();
});

test('a SYNC.json that is no file, leads out, is no text or a giant is a finding', async () => {
  mkdirSync(join(work.root, 'skills/folder/SYNC.json'), { recursive: true });
  mkdirSync(join(work.root, 'skills/out'));
  symlinkSync('/etc/hostname', join(work.root, 'skills/out/SYNC.json'));
  mkdirSync(join(work.root, 'skills/binary'));
  writeFileSync(join(work.root, 'skills/binary/SYNC.json'), Buffer.from([0x7b, 0xff, 0x7d]));
  work.write('skills/giant/SYNC.json', ' '.repeat(2_000_000));
  expect((await work.find()).map(({ name, findings }) => [name, findings[0]?.ruleId])).toEqual(
    ['binary', 'folder', 'giant', 'out'].map((name) => [name, 'skills/manifest-unreadable']),
  );
});

test.each([
  ['---\nname: a\ndescription: d\n---\n', []],
  [
    '---\nname: a\ndescription: d\nlicense: MIT\ncompatibility: any\nmetadata:\n  x: y\nallowed-tools: Bash Read\n---\n',
    [],
  ],
  ['no front matter', ['no front matter: expected --- with name and description, then ---']],
  [
    '---\nname: b--c\n---\n',
    [
      'description is missing: it says when the skill is used',
      'name must be lower-case letters, digits and single hyphens between them',
    ],
  ],
  [
    '---\nname: other\ndescription: d\nmetadata: {x: 1}\nallowed-tools: [Bash]\n---\n',
    [
      'name must be that of the folder, a, got other',
      'metadata must map names to texts',
      'allowed-tools must be one text with spaces between the tools',
    ],
  ],
  [
    `---\nname: a\ndescription: ${'d'.repeat(1025)}\n---\n`,
    ['description must be text of 1 to 1024 characters'],
  ],
  [
    '---\nname: [\n---\n',
    ['flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
])('SKILL.md %#: the conventions are a warning', async (text, expected) => {
  work.addSkill('a', manifestFor('a.md'), { ...generator, 'SKILL.md': text });
  const { findings, parts } = await work.skill('a');
  expect(findings.map(({ message }) => message)).toEqual(expected);
  expect(
    findings.every(
      ({ ruleId, severity }) => ruleId === 'skills/front-matter' && severity === 'warning',
    ),
  ).toBe(true);
  expect(parts).toBeDefined();
});
