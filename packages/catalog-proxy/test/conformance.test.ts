import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createStand, token } from './stand.js';

const manifest = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/conformance/package.json',
);
const suite = join(dirname(manifest), 'dist', 'index.js');

/** What the suite asks of servers, but for resources, prompts, completions and tasks. */
const scenarios = [
  'server-initialize',
  'server-session-lifecycle',
  'logging-set-level',
  'ping',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-with-logging',
  'tools-call-error',
  'tools-call-with-progress',
  'tools-call-sampling',
  'tools-call-elicitation',
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
  'json-schema-2020-12',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
  'http-header-validation',
  'input-required-result-unsupported-methods',
];

test('the conformance suite of the protocol passes through the proxy', async () => {
  await using stand = await createStand(
    {
      prescribed: {
        kind: 'stdio',
        command: process.execPath,
        args: [fileURLToPath(new URL('servers/conformance-server.mjs', import.meta.url))],
        env: {},
      },
    },
    { passOn: ['sampling', 'elicitation', 'roots'] },
  );
  const target = await stand.url();
  // The suite has no token to send.
  const gate = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    const passed = request(
      `${target}${asked.url}`,
      { method: asked.method, headers },
      (response) => {
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/mcp`;
  const outcomes = new Map<string, string>();
  // One after the other: a question of a server of before is refused while another call is under way.
  for (const scenario of scenarios) {
    const args = [suite, 'server', '--url', url, '--scenario', scenario];
    const { failed, stdout } = await new Promise<{ failed: boolean; stdout: string }>((resolve) =>
      execFile(process.execPath, args, (error, stdout) =>
        resolve({ failed: error !== null, stdout }),
      ),
    );
    const [, passed, of] = /Passed: (\d+)\/(\d+)/.exec(stdout) ?? [];
    const isWhole = !failed && passed === of && Number(of) > 0;
    outcomes.set(scenario, isWhole ? 'passed' : stdout.slice(-2000));
  }
  gate.close();
  expect(Object.fromEntries(outcomes)).toEqual(
    Object.fromEntries(scenarios.map((scenario) => [scenario, 'passed'])),
  );
}, 120_000);
