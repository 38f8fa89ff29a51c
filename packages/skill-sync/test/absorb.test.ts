import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { absorbSkill, generateSkill } from '../src/index.js';
import { bundle } from './support/bundle.js';
import { createWorkspace, type Workspace } from './support/workspace.js';

let command: string[];
let work: Workspace;
beforeAll(async () => {
  command = [process.execPath, await bundle('test/support/state-command.ts')];
});
beforeEach(() => {
  work = createWorkspace(command);
  work.store.set('notes:entry:1', '{"title":"One","type":"log","body":"first"}');
  work.store.set('notes:entry:2', '{"title":"Two","type":"log","body":"second"}');
  work.addSkill(
    'notes',
    {
      version: '1',
      outputFile: join(work.data, 'NOTES.md'),
      patterns: ['notes:entry:*'],
      template: 'notes.liquid',
    },
    { 'notes.liquid': '# Notes\n\n{{ entries | sections: body: "body", fields: "type" }}' },
  );
});
afterEach(() => work.remove());

const generate = async (name = 'notes') => generateSkill(await work.skill(name), work.options());
const absorb = async (apply = false, name = 'notes') =>
  absorbSkill(await work.skill(name), { ...work.options(), apply });

function edit(from: string, to: string): void {
  const text = work.read('data/NOTES.md');
  expect(text).toContain(from);
  work.write('data/NOTES.md', text.replace(from, to));
}

test('absorbing what was just generated changes nothing', async () => {
  await generate();
  expect(await absorb()).toEqual({ skill: 'notes', kind: 'nothing' });
  expect(await absorb(true)).toEqual({ skill: 'notes', kind: 'nothing' });
});

test('an edit is planned, applied in one go, and then the output is what the state says', async () => {
  await generate();
  edit('## One', '## One and a half');
  edit(
    /<!-- sync:entry notes:entry:2[^]*(?=<!-- sync:end)/.exec(work.read('data/NOTES.md'))?.[0] ??
      'none',
    '',
  );
  const operations = [
    {
      op: 'set',
      key: 'notes:entry:1',
      value: '{"title":"One and a half","type":"log","body":"first"}',
      edits: [{ field: 'title', before: 'One', after: 'One and a half' }],
    },
    { op: 'delete', key: 'notes:entry:2' },
  ];
  expect(await absorb()).toEqual({ skill: 'notes', kind: 'planned', operations });
  expect(work.store.get('notes:entry:2')).toBeDefined();
  expect(await absorb(true)).toMatchObject({
    kind: 'absorbed',
    operations,
    generated: { kind: 'generated' },
  });
  expect(work.store.list().map(({ key, value }) => [key, value])).toEqual([
    ['notes:entry:1', '{"title":"One and a half","type":"log","body":"first"}'],
  ]);
  expect(await generate()).toMatchObject({ kind: 'current' });
  expect(await absorb()).toEqual({ skill: 'notes', kind: 'nothing' });
});

test('a row that changed since conflicts, other rows do not', async () => {
  await generate();
  edit('## One', '## Mine');
  work.store.set('notes:entry:2', '{"title":"Changed"}');
  expect(await absorb()).toMatchObject({ kind: 'planned' });
  work.store.set('notes:entry:1', '{"title":"Theirs"}');
  expect(await absorb(true)).toMatchObject({ kind: 'conflicted', keys: ['notes:entry:1'] });
  expect(work.store.get('notes:entry:1')?.value).toBe('{"title":"Theirs"}');
  expect(work.read('data/NOTES.md')).toContain('## Mine');
});

test('what has no place in the state is said, and nothing is written', async () => {
  await generate();
  edit('## One', '## Mine');
  edit('# Notes', '# Notes\n\nan introduction');
  expect(await absorb(true)).toEqual({
    skill: 'notes',
    kind: 'unreadable',
    problems: [
      {
        file: join(work.data, 'NOTES.md'),
        line: 3,
        message: expect.stringContaining('this belongs to no entry') as string,
      },
    ],
  });
  expect(work.store.get('notes:entry:1')?.value).toContain('One');
});

test('a run that was killed after the state was written can be repeated', async () => {
  await generate();
  edit('## One', '## Mine');
  work.store.set('notes:entry:1', '{"title":"Mine","type":"log","body":"first"}');
  expect(await absorb(true)).toMatchObject({ kind: 'absorbed', generated: { kind: 'generated' } });
  expect(await generate()).toMatchObject({ kind: 'current' });
});

const header = '#!/usr/bin/env bash\nset -euo pipefail\n';

function addOwn(more: object, parser: string): void {
  work.addSkill(
    'own',
    {
      version: '1',
      outputFile: join(work.data, 'NOTES.md'),
      patterns: ['notes:entry:*'],
      generator: 'sync.sh',
      ...more,
    },
    {
      'sync.sh': `${header}ambrogioctl state list --pattern "$SYNC_PATTERNS" --json | node -e '
        const { entries } = JSON.parse(require("fs").readFileSync(0));
        for (const { key, value } of entries) console.log("- " + key + " = " + JSON.parse(value).title);' > "$SYNC_OUTPUT_FILE"\n`,
      'parse.sh': header + parser,
    },
  );
  work.addSkill('notes', '{}');
}

const parser = `node -e '
  const fs = require("fs");
  const lines = fs.readFileSync(process.env.SYNC_INPUT_FILE, "utf8").split("\\n");
  const entries = lines.map((line) => /^- (\\S+) = (.*)$/.exec(line)).filter(Boolean);
  fs.writeFileSync(process.env.SYNC_OUTPUT_FILE, entries.map(([, key, title]) => JSON.stringify({ key, value: JSON.stringify({ title }) })).join("\\n") || "\\n");'\n`;

test('a parser of one’s own mirrors the generator’s contract', async () => {
  addOwn({ parser: 'parse.sh' }, parser);
  await generate('own');
  expect(work.read('data/NOTES.md')).toBe('- notes:entry:1 = One\n- notes:entry:2 = Two\n');
  work.write('data/NOTES.md', '- notes:entry:1 = Uno\n- notes:entry:3 = Three\n');
  expect(await absorb(true, 'own')).toMatchObject({
    kind: 'absorbed',
    operations: [
      { op: 'set', key: 'notes:entry:1', value: '{"title":"Uno"}' },
      { op: 'set', key: 'notes:entry:3', value: '{"title":"Three"}' },
      { op: 'delete', key: 'notes:entry:2' },
    ],
  });
  expect(work.read('data/NOTES.md')).toBe('- notes:entry:1 = Uno\n- notes:entry:3 = Three\n');
  work.write('data/NOTES.md', '- other:1 = x\n');
  expect(await absorb(true, 'own')).toMatchObject({ kind: 'unreadable' });
});

test.each([
  ['fails', 'exit 4\n', 'exited'],
  ['writes no lines of JSON', 'echo hello > "$SYNC_OUTPUT_FILE"\n', 'unusable'],
  ['writes nothing', ':\n', 'unusable'],
])('a parser that %s changes nothing', async (_name, script, reason) => {
  addOwn({ parser: 'parse.sh' }, script);
  await generate('own');
  work.write('data/NOTES.md', 'edited\n');
  expect(await absorb(true, 'own')).toMatchObject({ kind: 'failed', reason });
  expect(work.store.list().length).toBe(2);
});

test('an output without keys cannot be absorbed, and says what would help', async () => {
  addOwn({}, '');
  await generate('own');
  work.write('data/NOTES.md', 'edited\n');
  const outcome = await absorb(true, 'own');
  expect(outcome.kind === 'unreadable' && outcome.problems[0]?.message).toContain(
    'use the helpers table or sections, or a parser',
  );
});
