import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const entry = `
  import { checksumCheck, emptyTree, formatReport, linkIntegrityCheck, schemaCheck, secretScanCheck, validate } from './src/index.js';
  const file = (path, text) => ({ path, content: new TextEncoder().encode(text), mode: '100644' });
  const files = [file('a.md', '[x](no.md) glpat' + '-aZ3kQ9mXw7Lp2RtV8yNc'), file('s.json', '{"$schema": "http://json-schema.org/draft-04/schema#", "type": 1}')];
  const checks = [checksumCheck(), linkIntegrityCheck(), schemaCheck(), secretScanCheck({ deny: [{ pattern: 'zz+' }] })];
  const report = await validate(files, checks, { ruleId: 'r', runAt: new Date(0), sourceVersion: 'v1', tree: emptyTree });
  console.log(report.findings.map(({ ruleId }) => ruleId).join(' '));
`;

it('bundles into one file that runs, given a require for the dependencies that still call it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-bundle-'));
  try {
    const outfile = join(directory, 'bundle.mjs');
    await build({
      stdin: {
        contents: entry,
        resolveDir: fileURLToPath(new URL('..', import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      outfile,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    const output = execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: directory });
    expect([...new Set(output.trim().split(' '))]).toEqual([
      'link/missing-file',
      'secret/gitlab',
      'schema/invalid-schema',
    ]);
    expect(statSync(outfile).size).toBeLessThan(4_000_000);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
