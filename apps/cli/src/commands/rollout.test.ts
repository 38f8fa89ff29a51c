import { expect, test } from 'vitest';
import { configuration, createSyncedFleet } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';

const waves = `rollout:
  waves:
    - { targets: org/web, wait: merged }
    - { targets: "org/*" }
  halt_on: { failed: 1, conflict: 10% }
`;

async function createWaves(): Promise<Sandbox> {
  const sandbox = await createSyncedFleet();
  await sandbox.write({ 'source/holdfast.yaml': configuration + waves });
  return sandbox;
}

test('sync opens wave by wave, and status says what it waits for', async () => {
  await using sandbox = await createWaves();
  expect((await sandbox.holdfast(['rollout', 'status'])).stdout).toBe(
    'No rollout has begun: the next holdfast sync begins one.\n',
  );
  const first = await sandbox.holdfast(['sync']);
  expect(first.stdout).toContain('opened #2');
  expect(first.stdout).toContain('v1.1.0  running  wave 1 of 2, 1 targets to come');
  expect(await sandbox.refs('api.git')).not.toContain('v1.1.0');
  const { exitCode, stdout } = await sandbox.holdfast(['rollout', 'status', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    rollouts: [
      {
        release: 'v1.1.0',
        state: 'running',
        wave: 0,
        waiting: ['org/api'],
        waitsFor: ['org/web (web): #2 is to be merged'],
        items: [{ target: 'org/web', standing: 'open', request: { number: 2 } }],
      },
    ],
  });
  await sandbox.holdfast(['requests', 'merge', 'org/web']);
  expect((await sandbox.holdfast(['sync'])).stdout).toContain('org/api');
  expect(await sandbox.refs('api.git')).toContain('v1.1.0');
  const last = await sandbox.holdfast(['sync', '--json']);
  expect(JSON.parse(last.stdout)).toMatchObject({ rollouts: [{ state: 'done' }] });
});

test('a halt exits with 1 and says how to go on; aborting offers the way back', async () => {
  await using sandbox = await createWaves();
  await sandbox.holdfast(['sync']);
  await sandbox.holdfast(['requests', 'merge', 'org/web']);
  await sandbox.git(sandbox.path('api.git'), 'update-ref', '-d', 'refs/heads/main');
  const halted = await sandbox.holdfast(['sync']);
  expect(halted.exitCode).toBe(3);
  expect(halted.stdout).toContain('1 of 2 targets failed (halt_on failed: 1)');
  const again = await sandbox.holdfast(['sync']);
  expect(again).toMatchObject({ exitCode: 1 });
  expect(again.stdout).toContain('go on with: holdfast rollout resume v1.1.0');
  expect((await sandbox.holdfast(['rollout', 'resume'])).stdout).toBe(
    'v1.1.0  running, wave 2 of 2\n  accepted as they are: org/api\n  the next holdfast sync goes on from here\n',
  );
  const aborted = await sandbox.holdfast(['rollout', 'abort', '--reason', 'It breaks']);
  expect(aborted.stdout).toContain(
    "holdfast rollback org/web --to v1.0.0 --reason 'It breaks' --rule",
  );
  const late = await sandbox.holdfast(['rollout', 'resume']);
  expect(late).toMatchObject({ exitCode: 2 });
  expect(late.stderr).toContain('no rollout is under way');
});

test.each([
  ['waves: []', 'must hold one wave or more'],
  ['waves: [{ targets: org/web, wait: soon }]', 'must be checks, merged, or a time'],
  ['waves: [{ targets: org/web, wait: 0h }]', 'must be checks, merged, or a time'],
  ['{ waves: [{ targets: org/web }], halt_on: { failed: 0 } }', 'must be 1 or more'],
  ['{ waves: [{ targets: org/web }], halt_on: { failed: -1 } }', 'must be 1 or more'],
  ['{ waves: [{ targets: org/web }], halt_on: { conflict: 0% } }', 'must be more than 0%'],
  ['{ waves: [{ targets: org/web }], halt_on: { conflict: 101% } }', '100%'],
  ['{ waves: [{ targets: org/wbe }] }', 'did you mean org/web?'],
])('rollout: %s is refused', async (rollout, message) => {
  await using sandbox = await createSyncedFleet();
  const text = rollout.startsWith('{') ? rollout : `{ ${rollout} }`;
  await sandbox.write({ 'source/holdfast.yaml': `${configuration}rollout: ${text}\n` });
  const { exitCode, stderr } = await sandbox.holdfast(['sync']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
