import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeSkills, generateSkill, generateSkills, writeShim } from '../src/index.js';
import { bundle } from './support/bundle.js';
import { createWorkspace, type Workspace } from './support/workspace.js';

let command: string[];
let work: Workspace;
beforeAll(async () => {
  command = [process.execPath, await bundle('test/support/state-command.ts')];
});
beforeEach(() => (work = createWorkspace(command)));
afterEach(() => work.remove());

const header = '#!/usr/bin/env bash\nset -euo pipefail\n';

function manifestFor(output: string, more: object = {}): object {
  return {
    version: '1',
    outputFile: join(work.data, output),
    patterns: ['notes:*'],
    generator: './scripts/sync.sh',
    ...more,
  };
}

/** A skill whose generator is this script. */
function addScript(name: string, script: string, more: object = {}): void {
  work.addSkill(name, manifestFor(`${name}.md`, more), { 'scripts/sync.sh': header + script });
}

const copyState =
  'ambrogioctl state list --pattern "$SYNC_PATTERNS" --json > "$SYNC_OUTPUT_FILE"\n';

async function generate(name: string, more = {}) {
  return generateSkill(await work.skill(name), work.options(more));
}

async function stateOf(name: string): Promise<string> {
  const skill = await work.skill(name);
  const [described] = await describeSkills([skill], {
    store: work.store,
    storeFile: work.storeFile,
  });
  return described?.state ?? 'none';
}

/** What lies beside the outputs: nothing that a run left behind. */
function leftovers(): string[] {
  return readdirSync(work.data).filter((name) => /skill-sync-|\.tmp$/.test(name));
}

test('memory-manager, called directly, writes its default place; through SYNC.json the declared one', async () => {
  const folder = work.addFixture('memory-manager');
  work.store.set(
    'memory:preference:p1',
    JSON.stringify({
      id: 'p1',
      type: 'preference',
      content: 'Likes # short _answers_\nin Italian',
      source: 'explicit',
      confidence: 90,
      createdAt: '2026-02-01T08:00:00Z',
      updatedAt: '2026-02-01T08:00:00Z',
      lastAccessedAt: '2026-02-01T08:00:00Z',
      tags: ['style'],
      context: '',
      status: 'active',
    }),
  );
  const expected = `# Memory

Generated from SQLite.

## Preferences

- Likes \\# short \\_answers\\_ in Italian (90%, 2026-02-01, style)
`;
  const { file } = await writeShim(join(work.root, 'bin'), { command });
  const old = join(work.root, 'old');
  work.write('old/.keep', '');
  execFileSync(join(folder, 'scripts/sync.sh'), {
    env: {
      PATH: `${join(file, '..')}:${process.env['PATH']}`,
      DATA_ROOT: old,
      HOLDFAST_STATE_DB: work.storeFile,
    },
  });
  expect(work.read('old/MEMORY.md')).toBe(expected);
  expect(await generate('memory-manager')).toEqual({
    skill: 'memory-manager',
    kind: 'generated',
    writesPast: false,
    outputs: [{ file: join(work.data, 'MEMORY.md'), change: 'created' }],
  });
  expect(work.read('data/MEMORY.md')).toBe(expected);
  expect(leftovers()).toEqual([]);
});

test('structured-notes runs unchanged, from an empty store on', async () => {
  work.addFixture('structured-notes');
  await generate('structured-notes');
  expect(work.read('data/NOTES.md')).toBe('# Notes\n\nNo notes yet.\n');
  work.store.set(
    'notes:entry:n1',
    JSON.stringify({
      id: 'n1',
      type: 'decision',
      title: 'Use 100% of_it\n# now',
      body: 'Because.\n- it works',
      tags: ['a', 'b'],
      project: 'holdfast',
      created_at: '2026-02-01T08:00:00Z',
      updated_at: '2026-02-01T08:00:00Z',
      status: 'open',
      links: [],
    }),
  );
  expect(await stateOf('structured-notes')).toBe('stale');
  expect(await generate('structured-notes')).toMatchObject({ kind: 'generated' });
  expect(work.read('data/NOTES.md')).toBe(
    '# Notes\n\n## Use 100% of\\_it \\# now\n\ndecision · open · holdfast · a · b · 2026-02-01\n\n> Because.\n> - it works\n',
  );
  expect(await generate('structured-notes')).toMatchObject({ kind: 'current' });
});

test('a generator sees the published variables, and nothing of the caller’s secrets', async () => {
  addScript('env', 'env | sort > "$SYNC_OUTPUT_FILE"; pwd >> "$SYNC_OUTPUT_FILE"\n', {
    patterns: ['notes:*', 'a,b'],
  });
  await generate('env', {
    environment: { PATH: process.env['PATH'], HOME: '/home/me', API_TOKEN: 'x' },
  });
  const variables = new Map(
    work
      .read('data/env.md')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect([...variables.keys()].sort()).toEqual([
    'HOLDFAST_FAILED_QUERIES',
    'HOLDFAST_GENERATING',
    'HOLDFAST_STATE_DB',
    'HOME',
    'LANG',
    'LC_ALL',
    'PATH',
    'PWD',
    'SHLVL',
    'SKILL_DIR',
    'SYNC_OUTPUT_FILE',
    'SYNC_PATTERNS',
    'SYNC_TARGET_FILE',
    'TZ',
    '_',
  ]);
  expect(variables.get('SYNC_PATTERNS')).toBe('notes:*,a\\,b');
  expect(variables.get('SKILL_DIR')).toBe(join(work.root, 'skills/env'));
  expect(variables.get('SYNC_TARGET_FILE')).toBe(join(work.data, 'env.md'));
  expect(variables.get('SYNC_OUTPUT_FILE')).toMatch(
    /^.*\/data\/\.env\.md\.skill-sync-[0-9a-f]{12}\/out\/env\.md$/,
  );
});

test('what is current starts no process, and a touch of rows, script, helper or manifest does', async () => {
  addScript('count', `echo run >> "$SKILL_DIR/../../runs"\n${copyState}`);
  work.write('skills/count/scripts/lib.sh', 'helper() { :; }\n');
  const runs = () => work.read('runs').split('\n').length - 1;
  await generate('count');
  await generate('count');
  expect(runs()).toBe(1);
  work.store.set('notes:1', 'x');
  work.store.set('other:1', 'x');
  expect(await stateOf('count')).toBe('stale');
  await generate('count');
  expect(runs()).toBe(2);
  work.write('skills/count/scripts/lib.sh', 'helper() { true; }\n');
  expect(await generate('count')).toMatchObject({ outputs: [{ change: 'unchanged' }] });
  expect(runs()).toBe(3);
  work.addSkill('count', manifestFor('count.md', { description: 'other' }));
  await generate('count');
  expect(runs()).toBe(4);
  await generate('count');
  expect(runs()).toBe(4);
  work.write('skills/count/lib/data.txt', 'x');
  await generate('count');
  expect(runs()).toBe(5);
});

test('--check writes nothing, and says what would change', async () => {
  addScript('notes', copyState);
  expect(await generate('notes', { check: true })).toMatchObject({ kind: 'stale' });
  expect(existsSync(join(work.data, 'notes.md'))).toBe(false);
  expect(existsSync(join(work.data, '.skill-sync'))).toBe(false);
  await generate('notes');
  expect(await generate('notes', { check: true })).toMatchObject({ kind: 'current' });
  work.store.set('notes:1', 'x');
  const before = work.read('data/notes.md');
  const outcome = await generate('notes', { check: true });
  expect(outcome).toMatchObject({
    kind: 'stale',
    outputs: [{ file: join(work.data, 'notes.md') }],
  });
  expect(outcome.kind === 'stale' && String(outcome.outputs[0]?.after)).toContain('notes:1');
  expect(work.read('data/notes.md')).toBe(before);
  work.write('data/notes.md', 'edited');
  expect(await generate('notes', { check: true })).toMatchObject({ kind: 'edited' });
  expect(leftovers()).toEqual([]);
});

test('an output that was edited by hand is not overwritten, until that is asked for', async () => {
  addScript('notes', copyState);
  await generate('notes');
  const written = work.read('data/notes.md');
  work.write('data/notes.md', `${written}by hand\n`);
  work.store.set('notes:1', 'x');
  expect(await stateOf('notes')).toBe('edited');
  const outcome = await generate('notes');
  expect(outcome).toMatchObject({ kind: 'edited', isForeign: false });
  expect(outcome.kind === 'edited' && String(outcome.outputs[0]?.before)).toBe(written);
  expect(outcome.kind === 'edited' && String(outcome.outputs[0]?.after)).toBe(
    `${written}by hand\n`,
  );
  expect(work.read('data/notes.md')).toBe(`${written}by hand\n`);
  expect(await generate('notes', { force: true })).toMatchObject({ kind: 'generated' });
  expect(work.read('data/notes.md')).toContain('notes:1');
});

test('a file that was there before: an earlier run is replaced and kept, another’s text is not touched', async () => {
  addScript('notes', 'printf "# Notes\\nnew\\n" > "$SYNC_OUTPUT_FILE"\n');
  work.write('data/notes.md', 'My own notes\n');
  expect(await generate('notes')).toMatchObject({ kind: 'edited', isForeign: true });
  expect(await generate('notes', { check: true })).toMatchObject({
    kind: 'edited',
    isForeign: true,
  });
  expect(work.read('data/notes.md')).toBe('My own notes\n');
  work.write('data/notes.md', '# Notes\nof an earlier run, an hour ago\n');
  expect(await generate('notes')).toMatchObject({ kind: 'edited', isForeign: true });
  work.store.set('notes:1', 'x');
  const outcome = await generate('notes');
  expect(outcome).toMatchObject({ kind: 'generated', outputs: [{ change: 'updated' }] });
  const kept = outcome.kind === 'generated' ? outcome.outputs[0]?.kept : undefined;
  expect(execFileSync('cat', [kept as string], { encoding: 'utf8' })).toContain('an hour ago');
});

test('a generator that is called directly after a change of the state made no edit', async () => {
  addScript(
    'notes',
    'ambrogioctl state list --pattern "notes:*" --json > "${SYNC_OUTPUT_FILE:-$1}"\n',
  );
  await generate('notes');
  work.store.set('notes:1', 'x');
  const { file } = await writeShim(join(work.root, 'bin'), { command });
  execFileSync(join(work.root, 'skills/notes/scripts/sync.sh'), [join(work.data, 'notes.md')], {
    env: { PATH: `${join(file, '..')}:${process.env['PATH']}`, HOLDFAST_STATE_DB: work.storeFile },
  });
  expect(await generate('notes')).toMatchObject({
    kind: 'generated',
    outputs: [{ change: 'unchanged' }],
  });
  expect(await generate('notes')).toMatchObject({ kind: 'current' });
});

test('a generator of old that writes past the variable works, and is told', async () => {
  const target = join(work.data, 'old.md');
  addScript('old', `ambrogioctl state list --pattern 'notes:*' --json > '${target}'\n`);
  expect(await generate('old')).toMatchObject({ kind: 'generated', writesPast: true });
  expect(JSON.parse(work.read('data/old.md'))).toEqual({ entries: [] });
  work.store.set('notes:1', 'x');
  expect(await generate('old', { check: true })).toMatchObject({ kind: 'stale' });
  expect(JSON.parse(work.read('data/old.md'))).toEqual({ entries: [] });
  expect(await generate('old')).toMatchObject({ kind: 'generated', writesPast: true });
  expect(work.read('data/old.md')).toContain('notes:1');
  addScript('old', `echo half > '${target}'; exit 1\n`);
  expect(await generate('old')).toMatchObject({ kind: 'failed', code: 1 });
  expect(work.read('data/old.md')).toContain('notes:1');
});

test.each([
  [
    'fails halfway',
    'echo "# Notes" > "$SYNC_OUTPUT_FILE"; echo broken >&2; exit 7',
    'exited',
    'broken',
  ],
  ['writes nothing', 'echo done', 'nothing-written', 'done'],
  ['writes an empty file', ': > "$SYNC_OUTPUT_FILE"', 'unusable', ''],
  [
    'deletes the staging file',
    'echo x > "$SYNC_OUTPUT_FILE"; rm "$SYNC_OUTPUT_FILE"',
    'nothing-written',
    '',
  ],
  [
    'deletes the staging folder',
    'cd /; rm -rf "$(dirname "$SYNC_OUTPUT_FILE")"',
    'nothing-written',
    '',
  ],
  ['leaves a symlink', 'ln -s /etc/hostname "$SYNC_OUTPUT_FILE"', 'unusable', ''],
  ['leaves a folder', 'mkdir "$SYNC_OUTPUT_FILE"', 'unusable', ''],
  ['leaves a pipe', 'mkfifo "$SYNC_OUTPUT_FILE"', 'unusable', ''],
  ['ends itself', 'kill -SEGV $$', 'signalled', ''],
  ['hangs', 'sleep 60', 'timed-out', ''],
  ['ignores TERM', 'trap "" TERM; while :; do sleep 0.1; done', 'timed-out', ''],
  ['fills the disk', 'cat /dev/zero > "$SYNC_OUTPUT_FILE"', 'too-large', ''],
  [
    'takes a failed query for no notes',
    'ambrogioctl state list --json 2>/dev/null --pattern "" || echo "# No notes yet" > "$SYNC_OUTPUT_FILE"',
    'query-failed',
    '',
  ],
  [
    'ends with a failed query under set -e',
    'entries=$(ambrogioctl state list --pattern "" --json); echo "$entries" > "$SYNC_OUTPUT_FILE"',
    'exited',
    '',
  ],
])('a generator that %s leaves the old output', async (_name, script, reason, printed) => {
  work.write('data/bad.md', '');
  addScript('bad', `echo good > "$SYNC_OUTPUT_FILE"\n`);
  await generate('bad');
  addScript('bad', `${script}\n`);
  const outcome = await generate('bad', {
    timeout: reason === 'timed-out' ? 300 : 20_000,
    maxBytes: 2 ** 22,
  });
  expect(outcome).toMatchObject({ kind: 'failed', reason });
  expect(outcome.kind === 'failed' && outcome.output).toContain(printed);
  expect(work.read('data/bad.md')).toBe('good\n');
  expect(await stateOf('bad')).toBe('stale');
  expect(leftovers()).toEqual([]);
});

test('a query that finds no key is no failed one', async () => {
  addScript('get', 'ambrogioctl state get absent || [ $? = 3 ]; echo ok > "$SYNC_OUTPUT_FILE"\n');
  expect(await generate('get')).toMatchObject({ kind: 'generated' });
});

test('a generator that prints megabytes ends well, and what is shown of a failing one is limited', async () => {
  addScript(
    'loud',
    `head -c 5000000 /dev/zero | tr '\\0' x; printf 'the end\\033[31m'; ${copyState}`,
  );
  expect(await generate('loud')).toMatchObject({ kind: 'generated' });
  addScript('loud', `head -c 5000000 /dev/zero | tr '\\0' x; printf '\\033[2Jthe end'; exit 1\n`);
  const outcome = await generate('loud');
  const output = outcome.kind === 'failed' ? (outcome.output ?? '') : '';
  expect(output.length).toBeLessThan(20_000);
  expect(output).toMatch(/^… 498\d+ bytes before this are left out\n/);
  expect(output.endsWith('xthe end')).toBe(true);
});

test('children that a generator leaves behind end with it', async () => {
  const late = join(work.root, 'late');
  addScript(
    'forks',
    `(sleep 1.2; echo late > '${late}') & (trap '' TERM; sleep 1.2; echo late > '${late}') & ${copyState}`,
  );
  expect(await generate('forks')).toMatchObject({ kind: 'generated' });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(existsSync(late)).toBe(false);
});

test('a child in a group of its own holds nothing up, and writes to no output', async () => {
  addScript(
    'daemon',
    `setsid bash -c 'exec 3>>"$SYNC_OUTPUT_FILE"; sleep 1; echo late >&3' & sleep 0.2\n${copyState}`,
  );
  expect(await generate('daemon')).toMatchObject({ kind: 'generated' });
  const written = work.read('data/daemon.md');
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(work.read('data/daemon.md')).toBe(written);
});

test('a generator that changes its working folder, or does not begin with a shell, is one like others', async () => {
  addScript('cd', `cd /; ${copyState}`);
  work.addSkill('js', manifestFor('js.md'), {
    'scripts/sync.sh': `#!/usr/bin/env node\nrequire('fs').writeFileSync(process.env.SYNC_OUTPUT_FILE, 'from node')\n`,
  });
  expect(await generate('cd')).toMatchObject({ kind: 'generated' });
  await generate('js');
  expect(work.read('data/js.md')).toBe('from node');
});

test('an interpreter that is not there is said', async () => {
  work.addSkill('gone', manifestFor('gone.md'), { 'scripts/sync.sh': '#!/no/such/interpreter\n' });
  expect(await generate('gone')).toMatchObject({ kind: 'failed', reason: 'not-started' });
});

test('one skill that fails does not keep the others from it', async () => {
  addScript('a', 'exit 3\n');
  addScript('b', copyState);
  work.addSkill('c', '{');
  const outcomes = await generateSkills(await work.find(), { ...work.options(), jobs: 3 });
  expect(outcomes.map(({ skill, kind }) => [skill, kind])).toEqual([
    ['a', 'failed'],
    ['b', 'generated'],
    ['c', 'refused'],
  ]);
});

test('a locked store fails the generator, whatever it makes of it', async () => {
  addScript(
    'notes',
    `ambrogioctl state list --pattern 'notes:*' --json > "$SYNC_OUTPUT_FILE" 2>/dev/null || echo '# No notes yet' > "$SYNC_OUTPUT_FILE"\n`,
  );
  writeFileSync(
    join(work.root, 'broken.db'),
    'no database at all, but long enough to be read as one'.repeat(40),
  );
  const location = { file: join(work.root, 'broken.db'), kind: 'named' } as const;
  expect(await generate('notes', { location })).toMatchObject({
    kind: 'failed',
    reason: 'query-failed',
  });
  expect(existsSync(join(work.data, 'notes.md'))).toBe(false);
});

test('a store that is gone is not taken for an empty one', async () => {
  addScript('notes', copyState);
  work.store.set('notes:1', 'x');
  await generate('notes');
  rmSync(work.storeFile);
  await expect(generate('notes')).rejects.toMatchObject({ code: 'store-missing' });
});

test('two at once on one skill: one waits, and then has nothing to do', async () => {
  addScript('slow', `echo run >> "$SKILL_DIR/../../runs"; sleep 0.4; ${copyState}`);
  const skill = await work.skill('slow');
  const kinds = await Promise.all([1, 2, 3].map(() => generateSkill(skill, work.options())));
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(['current', 'current', 'generated']);
  expect(work.read('runs')).toBe('run\n');
});

test('a generator that generates its own skill is refused, not waited for', async () => {
  addScript('notes', copyState);
  const environment = { PATH: process.env['PATH'], HOLDFAST_GENERATING: 'other/notes' };
  expect(await generate('notes', { environment })).toMatchObject({
    kind: 'failed',
    reason: 'unusable',
  });
});

test('an output that is a symlink is written where it leads', async () => {
  addScript('link', copyState);
  work.write('data/real/link.md', '');
  symlinkSync('real/link.md', join(work.data, 'link.md'));
  expect(await generate('link')).toMatchObject({ kind: 'generated' });
  expect(lstatSync(join(work.data, 'link.md')).isSymbolicLink()).toBe(true);
  expect(JSON.parse(work.read('data/real/link.md'))).toEqual({ entries: [] });
});

test('an output keeps its mode; its folder without room fails the run', async () => {
  addScript('mode', copyState);
  work.write('data/mode.md', '', 0o640);
  await generate('mode');
  expect(lstatSync(join(work.data, 'mode.md')).mode & 0o777).toBe(0o640);
});

test('outputs of three formats, from a template and its rows', async () => {
  work.store.set('notes:1', '{"title":"One","tags":["a"]}');
  work.store.set('notes:2', 'plain');
  work.addSkill(
    'formats',
    {
      version: '1',
      outputFile: join(work.data, 'formats.md'),
      patterns: ['notes:*'],
      template: './notes.liquid',
      description: 'All notes',
      outputs: [
        { file: join(work.data, 'formats.json'), format: 'json' },
        { file: join(work.data, 'formats.yaml'), format: 'yaml' },
        { file: join(work.data, 'ids.md'), format: 'markdown', template: './ids.liquid' },
        { file: join(work.data, 'copy.md'), format: 'markdown' },
      ],
    },
    {
      'notes.liquid':
        '# {{ skill.description }}\n{% for entry in entries %}\n- {{ entry.key | text }}{% endfor %}\n',
      'ids.liquid': '{% for entry in entries %}{{ entry.id }} {{ entry.updatedAt }}\n{% endfor %}',
    },
  );
  expect(await generate('formats')).toMatchObject({ kind: 'generated' });
  expect(work.read('data/formats.md')).toBe('# All notes\n\n- notes:1\n- notes:2\n');
  expect(work.read('data/copy.md')).toBe(work.read('data/formats.md'));
  expect(work.read('data/ids.md')).toBe('1 2026-02-13T10:00:00.000Z\n2 2026-02-13T10:00:00.000Z\n');
  expect(JSON.parse(work.read('data/formats.json'))).toEqual({
    skill: 'formats',
    patterns: ['notes:*'],
    entries: [
      {
        key: 'notes:1',
        value: { title: 'One', tags: ['a'] },
        updatedAt: '2026-02-13T10:00:00.000Z',
      },
      { key: 'notes:2', value: 'plain', updatedAt: '2026-02-13T10:00:00.000Z' },
    ],
  });
  expect(work.read('data/formats.yaml')).toBe(`skill: formats
patterns:
  - notes:*
entries:
  - key: notes:1
    value:
      title: One
      tags:
        - a
    updatedAt: 2026-02-13T10:00:00.000Z
  - key: notes:2
    value: plain
    updatedAt: 2026-02-13T10:00:00.000Z
`);
  rmSync(join(work.data, 'formats.yaml'));
  expect(await stateOf('formats')).toBe('missing');
  expect(await generate('formats')).toMatchObject({ kind: 'generated' });
  expect(await stateOf('formats')).toBe('current');
});

test('a template groups, filters, and asks for fields that a row may lack', async () => {
  work.store.set('notes:1', '{"title":"One","type":"log","project":"p"}');
  work.store.set('notes:2', '{"title":"Two","type":"idea"}');
  work.store.set('notes:3', '{"title":"Three","type":"log"}');
  work.addSkill(
    'groups',
    manifestFor('groups.md', { generator: undefined, template: 'groups.liquid' }),
    {
      'groups.liquid': `{% assign logs = entries | where: "data.type", "log" %}{{ logs | table: "title" }}
{% for entry in entries %}{{ entry.data.title | text }}{% if entry.data.project %} of {{ entry.data.project | text }}{% endif %}: {{ entry.data.status | default: "open" }}
{% endfor %}`,
    },
  );
  await generate('groups');
  expect(work.read('data/groups.md')).toBe(`<!-- sync:table columns="title" -->

| title |
| --- |
| <!-- sync:entry notes:1 --> One |
| <!-- sync:entry notes:3 --> Three |

<!-- sync:end -->
One of p: open
Two: open
Three: open
`);
});

test.each([
  ['{{ entries | unknown }}', 'line 1: undefined filter: unknown'],
  ['\n{{ nothing }}', 'line 2: undefined variable: nothing'],
  ['{% include "x" %}', 'line 1: tag "include" not found'],
  ['{{ "now" | date: "%Y" }}', 'would give another output every day'],
  [
    '{% assign a = "0123456789" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}',
    'memory alloc limit exceeded',
  ],
  ['{{ entries | table: "a b" }}', '"a b" is no name of a field'],
  [
    '{{ entries | sections: color: "red" }}',
    'sections takes title, body, fields, level, format; got color',
  ],
])('the template %j fails the run', async (template, message) => {
  work.addSkill('bad', manifestFor('bad.md', { generator: undefined, template: 'bad.liquid' }), {
    'bad.liquid': template,
  });
  const outcome = await generate('bad');
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'template-error' });
  expect(outcome.kind === 'failed' && outcome.message).toContain(message);
});

test('--check undoes what a generator writes to the output beside its staging file', async () => {
  addScript('notes', 'echo new | tee "$SYNC_TARGET_FILE" > "$SYNC_OUTPUT_FILE"\n');
  expect(await generate('notes', { check: true })).toMatchObject({ kind: 'stale' });
  expect(existsSync(join(work.data, 'notes.md'))).toBe(false);
  expect(await generate('notes')).toMatchObject({ kind: 'generated', writesPast: false });
  expect(work.read('data/notes.md')).toBe('new\n');
});

test('--check of an output that is gone runs nothing, for what it held is known', async () => {
  addScript('notes', `echo run >> "$SKILL_DIR/../../runs"\n${copyState}`);
  await generate('notes');
  const text = work.read('data/notes.md');
  rmSync(join(work.data, 'notes.md'));
  const outcome = await generate('notes', { check: true });
  expect(outcome.kind === 'stale' && String(outcome.outputs[0]?.after)).toBe(text);
  expect(work.read('runs')).toBe('run\n');
});

test('what somebody writes to the output while the generator runs is not lost', async () => {
  const target = join(work.data, 'notes.md');
  addScript('notes', copyState);
  await generate('notes');
  addScript('notes', `echo 'by hand' > '${target}'; ${copyState}`);
  work.store.set('notes:1', 'x');
  expect(await generate('notes')).toMatchObject({ kind: 'edited', isForeign: false });
  expect(work.read('data/notes.md')).toBe('by hand\n');
  addScript('notes', `echo 'half' > '${target}'; exit 1\n`);
  await generate('notes', { force: true });
  expect(work.read('data/notes.md')).toBe('by hand\n');
  const kept = readdirSync(join(work.data, '.skill-sync/notes/before'));
  expect(kept.map((name) => work.read(`data/.skill-sync/notes/before/${name}`))).toEqual([
    'half\n',
  ]);
});

test('--force keeps what it overwrites', async () => {
  addScript('notes', copyState);
  await generate('notes');
  work.write('data/notes.md', 'edited\n');
  const outcome = await generate('notes', { force: true });
  const kept = outcome.kind === 'generated' ? (outcome.outputs[0]?.kept ?? '') : '';
  expect(readFileSync(kept, 'utf8')).toBe('edited\n');
});

test.each([
  ['a giant', 'head -c 100000 /dev/zero > "$HOLDFAST_FAILED_QUERIES"'],
  ['a pipe', 'mkfifo "$HOLDFAST_FAILED_QUERIES"'],
])('notes of failed queries that are %s are neither read nor waited for', async (_name, script) => {
  addScript('bad', `${script}\n${copyState}`);
  const outcome = await generate('bad');
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'query-failed' });
  expect(outcome.kind === 'failed' && outcome.message.length).toBeLessThan(200);
});

test('a record that is damaged counts as none, and nothing is lost', async () => {
  addScript('notes', copyState);
  await generate('notes');
  work.write('data/.skill-sync/notes/record.json', '{"version": 9}');
  expect(await stateOf('notes')).toBe('never-made');
  expect(await generate('notes')).toMatchObject({ kind: 'generated' });
  chmodSync(join(work.data, 'notes.md'), 0o600);
});
