import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planEdits } from '../src/absorb/plan-edits.js';
import { parseStateLines, parseSyncManifest, SkillSyncError, splitPatterns } from '../src/index.js';
import { escapeBlock, renderSections, renderTable } from '../src/markdown/index.js';
import { checkFrontMatter } from '../src/skill/check-front-matter.js';

const isFull = process.env['HOLDFAST_ATTACK'] === 'full';
const runs = isFull ? 50_000 : 1_000;

/** Texts of the words that a format is made of, in any order. */
function soup(...words: string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 4 })), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''));
}

describe('hostile input', () => {
  test('a SYNC.json of any text is parsed or said to be wrong', ({ task }) => {
    const text = soup(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"version"',
      '"1"',
      '"outputFile"',
      '"/data/x"',
      '"patterns"',
      '"a:*"',
      '"generator"',
      '"template"',
      '"outputs"',
      '"file"',
      '"format"',
      '"__proto__"',
      '"constructor"',
      '\n',
      '\ufeff',
      '1e999',
      'null',
    );
    fc.assert(
      fc.property(text, (one) => {
        const { manifest, findings } = parseSyncManifest(one, 'SYNC.json');
        const isWrong = findings.some(({ severity }) => severity === 'error');
        expect(manifest === undefined).toBe(isWrong);
      }),
      { numRuns: runs },
    );
    Object.assign(task.meta, { tried: runs, held: runs });
  });

  test('front matter of any text is at most a warning', ({ task }) => {
    const text = soup(
      '---\n',
      'name: ',
      'description: ',
      'metadata:\n  ',
      '- ',
      '&a ',
      '*a',
      '<<: ',
      '{',
      '}',
      '[',
      '\n',
      '!!js/x ',
      '|',
      '\t',
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const { severity } of checkFrontMatter(`---\n${one}`, 'SKILL.md', 'x')) {
          expect(severity).toBe('warning');
        }
      }),
      { numRuns: runs },
    );
    Object.assign(task.meta, { tried: runs, held: runs });
  });

  test('an edit of any kind plans nothing about keys that the file was not made from', ({
    task,
  }) => {
    const entries = ['n:1', 'n:2', 'n:3'].map((key) => ({
      key,
      value: JSON.stringify({ title: `T ${key}`, tags: ['a'], body: 'b\n\nc', n: 1 }),
    }));
    const current = new Map(entries.map(({ key, value }) => [key, value]));
    const written = `# N\n\n${renderTable(entries, { columns: ['title', 'n'] })}\n${renderSections(entries, { body: 'body', fields: ['tags'] })}`;
    const piece = soup(
      '<!-- sync:entry n:1 -->',
      '<!-- sync:entry other -->',
      '<!-- sync:end -->',
      '<!-- sync:table columns="title" -->',
      '<!-- sync:sections level="2" title="__proto__" -->',
      '## ',
      '| ',
      '- **tags:**',
      '\n',
      '%00',
      '\r\n',
    );
    const edit = fc.record({ at: fc.nat(written.length), length: fc.nat(60), piece });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let text = written;
        for (const { at, length, piece: inserted } of edits) {
          text = text.slice(0, at) + inserted + text.slice(at + length);
        }
        const { operations } = planEdits(written, text, current);
        for (const { key } of operations) expect([...current.keys()]).toContain(key);
        for (const operation of operations) {
          if (operation.op === 'set') expect(() => JSON.parse(operation.value)).not.toThrow();
        }
      }),
      { numRuns: runs },
    );
    Object.assign(task.meta, { tried: runs, held: runs });
  });

  test('lines and patterns of any text are taken, or refused by name', ({ task }) => {
    const text = soup(
      '{"key":',
      '"a"',
      ',"value":',
      '"1"',
      '}',
      '\n',
      '"updatedAt":',
      '\\',
      ',',
      '*',
      '?',
      ' ',
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const read of [() => [...parseStateLines(one)], () => splitPatterns(one)]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(SkillSyncError);
          }
        }
      }),
      { numRuns: runs },
    );
    Object.assign(task.meta, { tried: runs, held: runs });
  });

  test.each([
    ['line feeds', `a${'\n'.repeat(200_000)}b`],
    ['backslashes', '\\'.repeat(200_000)],
    ['brackets', '['.repeat(200_000)],
    ['markers', '<!-- sync:entry x -->\n'.repeat(20_000)],
  ])('many %s take no more than their share of time', (_name, text) => {
    const value = JSON.stringify({ title: text, body: text });
    const rendered = renderSections([{ key: 'k', value }], { body: 'body' });
    expect(planEdits(rendered, rendered, new Map([['k', value]]))).toEqual({
      operations: [],
      problems: [],
    });
    expect(escapeBlock(text).length).toBeGreaterThan(0);
    planEdits(rendered, text, new Map([['k', value]]));
    expect(() => splitPatterns(text)).toThrow(SkillSyncError);
    parseSyncManifest(text, 'SYNC.json');
    checkFrontMatter(`---\n${text}`, 'SKILL.md', 'x');
  });
});
