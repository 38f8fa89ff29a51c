import { describe, expect, it } from 'vitest';
import { phases, stateOfPhase, switchesOf, type Phase, type PhaseEvidence } from './index.js';

describe('switches', () => {
  it.each<[Phase | undefined, Parameters<typeof switchesOf>[1], boolean, boolean]>([
    [undefined, { isCi: true }, false, false],
    [undefined, { isCi: false, emitLive: true, useIntended: true }, true, true],
    [0, { isCi: true }, false, false],
    [1, { isCi: true }, true, false],
    [2, { isCi: false }, true, false],
    [2, { isCi: true }, true, true],
    [2, { isCi: false, useIntended: true }, true, true],
    [2, { isCi: true, useIntended: false }, true, false],
    [3, { isCi: false }, true, true],
    [3, { isCi: false, useIntended: false }, true, false],
    [4, { isCi: false, useIntended: false }, true, true],
  ])('phase %s with %j', (phase, set, emitLive, useIntended) => {
    expect(switchesOf(phase, set)).toEqual({ emitLive, useIntended });
  });
});

const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00Z`;
const run = (number: number, release: string, gaps = 0, outages = 0) => ({
  at: day(number),
  gaps,
  outages,
  failures: 0,
  release,
});
const state = (evidence: Partial<PhaseEvidence>) =>
  stateOfPhase({
    emitLive: true,
    useIntended: true,
    runs: [],
    hasIntended: true,
    hasLive: true,
    now: new Date(day(20)),
    ...evidence,
  });

describe('which phase is on', () => {
  it.each<[Partial<PhaseEvidence>, Phase]>([
    [{ emitLive: false, useIntended: false }, 0],
    [{ useIntended: false }, 1],
    [{}, 2],
    [{ declared: 2, useIntended: false }, 2],
    [{ declared: 3 }, 3],
    [{ declared: 3, useIntended: false }, 1],
    [{ declared: 4 }, 4],
    [{ declared: 1 }, 2],
  ])('%j: %s', (evidence, phase) => {
    expect(state(evidence)).toMatchObject({ phase, name: phases[phase].name });
  });
});

describe('what ends phase 3', () => {
  const whole = [run(1, '1.0.0', 2), run(3, '1.1.0'), run(9, '1.1.0'), run(12, '1.2.0')];
  it.each<[string, Partial<PhaseEvidence>, boolean]>([
    ['a whole release without a gap', { runs: whole }, true],
    ['no later release', { runs: whole.slice(0, 3) }, false],
    ['one release only', { runs: whole.slice(1, 3) }, false],
    ['a gap in it', { runs: whole.with(2, run(9, '1.1.0', 1)) }, false],
    ['an outage in it', { runs: whole.with(2, run(9, '1.1.0', 1, 1)) }, false],
    ['a gap since', { runs: [...whole, run(13, '1.2.0', 1)] }, false],
    ['drift where it is served', { runs: whole, driftAt: [day(10)] }, false],
    ['drift before', { runs: whole, driftAt: [day(2)] }, true],
    ['no live catalog', { runs: whole, emitLive: false }, false],
    ['runs of a version that said no release', { runs: whole.map(withoutRelease) }, false],
  ])('%s', (_title, evidence, holds) => {
    expect(state({ declared: 3, ...evidence })).toMatchObject({ phase: 3, holds });
  });
});

describe('what ends phase 4', () => {
  it.each<[string, Partial<PhaseEvidence>, boolean]>([
    ['a clean verification, and nothing left', { runs: [run(1, '1.0.0')] }, true],
    ['none has run', {}, false],
    ['a gap', { runs: [run(1, '1.0.0', 1)] }, false],
    ['a schema that failed', { runs: [{ ...run(1, '1.0.0'), failures: 1 }] }, false],
    ['a file left', { runs: [run(1, '1.0.0')], legacyFiles: ['tool_overrides.json'] }, false],
  ])('%s', (_title, evidence, holds) => {
    expect(state({ declared: 4, ...evidence })).toMatchObject({ phase: 4, holds });
  });
});

function withoutRelease({ release: _, ...rest }: ReturnType<typeof run>) {
  return rest;
}
