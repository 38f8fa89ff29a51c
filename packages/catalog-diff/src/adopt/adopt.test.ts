import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchemaHashes, ToolStatus } from '../artifacts/artifact-schemas.js';
import { adopt, adoptAll, emptyStatus, pruneStatus, type AdoptionEvent } from './index.js';

const id = { server: 's', tool: 't' };
const at = '2026-01-01T00:00:00Z';
const schema = (input: string): SchemaHashes => ({ input, output: null });
const rendered = (input: string, more: object = {}): AdoptionEvent => ({
  kind: 'rendered',
  schema: schema(input),
  at,
  ...more,
});
const succeeded = (input: string): AdoptionEvent => ({
  kind: 'succeeded',
  schema: schema(input),
  at,
  durationMs: 5,
});
const failed = (input: string): AdoptionEvent => ({
  kind: 'failed',
  schema: schema(input),
  at,
  error: 'boom',
  diff: '+ b',
});
const approved: AdoptionEvent = { kind: 'approved', at };
const retried: AdoptionEvent = { kind: 'retried', at };

function run(...events: AdoptionEvent[]) {
  let status: ToolStatus | undefined;
  let effects: string[] = [];
  for (const event of events) {
    const adoption = adopt(id, status, event);
    status = adoption.status;
    effects = adoption.effects.map(({ kind }) => kind);
  }
  return { status: status!, effects };
}

describe('the states of a schema', () => {
  it.each<[string, AdoptionEvent[], ToolStatus['state'], string[]]>([
    ['is pending at first', [rendered('a')], 'pending', []],
    ['stays pending after one valid call', [rendered('a'), succeeded('a')], 'pending', ['log']],
    [
      'is validated after two',
      [rendered('a'), succeeded('a'), succeeded('a')],
      'validated',
      ['promote', 'log'],
    ],
    [
      'needs them in a row',
      [rendered('a'), succeeded('a'), failed('a'), succeeded('a')],
      'pending',
      ['log'],
    ],
    [
      'has failed after two invalid calls',
      [rendered('a'), failed('a'), failed('a')],
      'failed',
      ['fall-back', 'escalate', 'log'],
    ],
    [
      'leaves failed by valid calls',
      [rendered('a'), failed('a'), failed('a'), succeeded('a'), succeeded('a')],
      'validated',
      ['promote', 'log'],
    ],
    [
      'leaves failed by a new schema',
      [rendered('a'), failed('a'), failed('a'), rendered('b')],
      'pending',
      [],
    ],
    [
      'leaves failed by a person',
      [rendered('a'), failed('a'), failed('a'), approved],
      'validated',
      ['promote'],
    ],
    [
      'is tried anew when a person asks',
      [rendered('a'), failed('a'), failed('a'), retried],
      'pending',
      [],
    ],
    ['becomes pending when it changes', [rendered('a'), approved, rendered('b')], 'pending', []],
    [
      'is recognised when it comes back',
      [rendered('a'), approved, rendered('b'), rendered('a')],
      'validated',
      ['promote'],
    ],
    [
      'is not touched by calls of another',
      [rendered('a'), approved, rendered('b'), succeeded('a')],
      'pending',
      ['log'],
    ],
    [
      'is held by a lock',
      [rendered('a'), approved, rendered('b', { locked: true })],
      'validated',
      ['hold'],
    ],
    [
      'is let go of by a person',
      [rendered('a'), approved, rendered('b', { locked: true }), approved],
      'validated',
      ['promote'],
    ],
    [
      'fails after it was valid',
      [rendered('a'), approved, failed('a'), failed('a')],
      'failed',
      ['fall-back', 'escalate', 'log'],
    ],
  ])('%s', (_title, events, state, effects) => {
    const result = run(...events);
    expect([result.status.state, result.effects]).toEqual([state, effects]);
  });

  it('falls back to the schema before, else to the generic one', () => {
    const first = adopt(id, run(rendered('a')).status, failed('a'));
    const second = adopt(id, run(rendered('a'), approved, rendered('b')).status, failed('b'));
    expect([first, second].map(({ effects }) => effects[0])).toEqual([
      { kind: 'fall-back', to: 'generic' },
      { kind: 'fall-back', to: 'previous' },
    ]);
  });

  it('tells output from input', () => {
    const { status } = run(rendered('a'), approved);
    const event: AdoptionEvent = { kind: 'rendered', schema: { input: 'a', output: 'o' }, at };
    expect(adopt(id, status, event).status.state).toBe('pending');
  });
});

const input = fc.constantFrom('a', 'b', 'c');
const event = fc.oneof(
  fc.tuple(input, fc.boolean()).map(([name, locked]) => rendered(name, { locked })),
  input.map(succeeded),
  input.map(failed),
  fc.constant(approved),
  fc.constant(retried),
);

describe('whatever happens', () => {
  it('every state has a way out, the counters agree with the state, and nothing is changed in place', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), (events) => {
        let status: ToolStatus | undefined;
        for (const one of events) {
          const before = JSON.stringify(status);
          const next = adopt(id, status, one).status;
          expect(JSON.stringify(status)).toBe(before);
          status = next;
          expect(status.successes === 0 || status.failures === 0).toBe(true);
          if (status.state === 'failed') expect(status.lastError).toBe('boom');
          if (status.state === 'validated') expect(status.approved).toContainEqual(status.schema);
          const { schema: present } = status;
          const twice = (kind: 'succeeded' | 'failed') => {
            const call = { kind, schema: present, at, error: 'boom' } as AdoptionEvent;
            return adopt(id, adopt(id, status, call).status, call).status.state;
          };
          expect([twice('succeeded'), twice('failed')]).toEqual(['validated', 'failed']);
          const other: AdoptionEvent = { kind: 'rendered', schema: schema('new'), at };
          expect(adopt(id, status, other).status.state).toBe('pending');
        }
      }),
    );
  });

  it('the effects say what the states do', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let status: ToolStatus | undefined;
        for (const one of events) {
          const { status: next, effects } = adopt(id, status, one);
          const kinds = effects.map(({ kind }) => kind);
          if (status?.state !== 'validated' && next.state === 'validated')
            expect(kinds).toContain('promote');
          if (status?.state !== 'failed' && next.state === 'failed')
            expect(kinds).toContain('escalate');
          status = next;
        }
      }),
    );
  });
});

describe('pruning', () => {
  const settle = () => {
    let { status } = adoptAll(emptyStatus(), [
      { ...id, event: rendered('a') },
      { ...id, event: approved },
    ]);
    for (let count = 0; count < 10; count++)
      ({ status } = adoptAll(status, [{ ...id, event: rendered('a') }]));
    return pruneStatus(status);
  };

  it('takes out what has been stable for ten renders, and nothing before', () => {
    expect(settle().pruned).toHaveLength(1);
    expect(settle().status.tools).toEqual([]);
    const { status } = adoptAll(emptyStatus(), [{ ...id, event: approved }]);
    expect(pruneStatus(status).pruned).toEqual([]);
  });

  it('does not send a tool back to pending', () => {
    const { status } = settle();
    expect(adoptAll(status, [{ ...id, event: rendered('a') }]).status).toEqual(status);
    const changed = adoptAll(status, [
      { ...id, event: rendered('b') },
      { ...id, event: rendered('a') },
    ]);
    expect(changed.status.tools.map(({ state }) => state)).toEqual(['validated']);
    expect(changed.status.settled).toEqual([]);
  });
});
