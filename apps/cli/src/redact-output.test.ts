import { expect, test } from 'vitest';
import { createLogger } from './create-logger.js';
import { redactDocument, redactOutput } from './redact-output.js';
import { createSandbox } from '../test/sandbox.js';

const environment = { HOLDFAST_GIT_TOKEN_GIT_EXAMPLE_COM: 'hunter2-is-secret' };

test('what leaves bears no login of the environment: text, documents, log', async () => {
  const text = 'fatal: https://x:hunter2-is-secret@git.example.com/a';
  expect(await redactOutput(text, environment)).not.toContain('hunter2');
  const document = { items: [{ error: { message: text } }], hint: 'kept' };
  const shown = await redactDocument(document, environment);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toMatchObject({ hint: 'kept' });
  expect(await redactDocument(document, {})).toBe(document);
  const lines: string[] = [];
  const surroundings = {
    environment,
    stderr: { write: (line: string) => lines.push(line) },
    clock: () => new Date(0),
  };
  createLogger({ surroundings, logLevel: 'debug' } as never).warn({ url: text }, text);
  expect(lines).toHaveLength(1);
  expect(lines.join('')).not.toContain('hunter2');
});

test('nor does what programs read in place of the text', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', { 'a.md': 'a\n' });
  const set = ['state', 'set', 'note', JSON.stringify('hunter2-is-secret')];
  await sandbox.holdfast(set, { environment });
  const { exitCode, stdout } = await sandbox.holdfast(['state', 'get', 'note'], { environment });
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('hunter2');
  expect(stdout).toContain('[redacted]');
});
