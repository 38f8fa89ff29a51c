import fc from 'fast-check';
import { expect, test } from 'vitest';
import { git, gitWith, makeRepository } from './scratch.js';
import { open } from './table.js';

interface Step {
  /** How far back each parent is. */
  readonly parents: number[];
  readonly file: number;
  readonly content: number;
}

/** Writes a history as a fast-import stream; each commit a second after the one before. */
function importHistory(folder: string, steps: readonly Step[]): string[] {
  const stream = steps.map(({ parents, file, content }, index) => {
    const marks = [...new Set(parents.map((back) => index - back).filter((mark) => mark >= 1))];
    const [from, ...merged] = marks;
    return [
      `commit refs/heads/c${index + 1}`,
      `mark :${index + 1}`,
      `committer A <a@b> ${1_600_000_000 + index} +0000`,
      'data 0',
      ...(from === undefined ? [] : [`from :${from}`]),
      ...merged.map((mark) => `merge :${mark}`),
      `M 100644 inline d/f${file}\ndata 1\n${content}`,
      '',
    ].join('\n');
  });
  gitWith({ input: stream.join('') }, folder, 'fast-import', '--quiet');
  return git(folder, 'rev-parse', ...steps.map((_step, index) => `c${index + 1}`)).split('\n');
}

const step = fc.record({
  parents: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
  file: fc.integer({ min: 0, max: 2 }),
  content: fc.integer({ min: 0, max: 2 }),
});

test('both engines see the history that git sees', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 14 }),
      fc.nat(),
      fc.nat(),
      async (steps, a, b) => {
        const folder = makeRepository({ bare: true });
        const commits = importHistory(folder, steps);
        const to = commits[a % commits.length] ?? '';
        const from = commits[b % commits.length] ?? '';
        const program = await open(folder, { engine: 'program' });
        const embedded = await open(folder, { engine: 'embedded' });
        for (const range of [
          { to },
          { to, from },
          { to, paths: ['d/f0'] },
          { to, from, paths: ['d/f1', 'd/f2'] },
          { to, from, paths: ['d'] },
        ]) {
          const not = 'from' in range ? [`^${range.from}`] : [];
          const paths = 'paths' in range ? ['--', ...(range.paths ?? [])] : [];
          const expected = git(folder, 'rev-list', '--date-order', to, ...not, ...paths);
          for (const engine of [program, embedded]) {
            const found = await engine.log(range);
            expect(found.map(({ oid }) => oid).join('\n')).toBe(expected);
          }
        }
        const bases = git(folder, 'rev-list', '-1', from, `^${to}`);
        for (const engine of [program, embedded]) {
          expect(await engine.isAncestor(from, to)).toBe(bases === '');
        }
        expect(await embedded.diffTrees(from, to)).toEqual(await program.diffTrees(from, to));
        const base = await embedded.mergeBase(from, to);
        const isUnrelated = (await program.mergeBase(from, to)) === undefined;
        const best = isUnrelated ? '' : git(folder, 'merge-base', '--all', from, to);
        expect(best.split('\n')).toContain(base ?? '');
        await Promise.all([program.close(), embedded.close()]);
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});
