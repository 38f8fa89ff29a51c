import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSandbox, createSyncedFleet } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const execute = promisify(execFile);
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** A token that is none: put together here, so that no scanner takes this file for a leak. */
const secret = `ghp_${'aB3dE5fG7hJ9'.repeat(3)}`;

/** A work tree `source` whose files are committed. */
async function createWorkTree(files: Record<string, string>): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('source', {});
  await sandbox.write(inSource(files));
  await commitAll(sandbox, 'Begin');
  return sandbox;
}

function inSource(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`source/${path}`, text]));
}

async function commitAll(sandbox: Sandbox, message: string): Promise<string> {
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'add', '--all');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  await sandbox.git(cwd, ...identity, 'commit', '--quiet', '-m', message);
  return sandbox.git(cwd, 'rev-parse', 'HEAD');
}

interface Report {
  readonly exitCode: number;
  readonly sync_validation: {
    readonly source_version: string;
    readonly checks: { name: string; status: string; details: string }[];
  };
  readonly findings: {
    ruleId: string;
    path: string;
    message: string;
    severity: string;
    data?: Record<string, unknown>;
    range?: { start: { line: number; column: number } };
  }[];
  readonly error?: { readonly code: string };
}

async function validate(sandbox: Sandbox, args: string[], cwd = sandbox.path('source')) {
  const { stdout } = await sandbox.holdfast(['validate', '--json', ...args], { cwd });
  return JSON.parse(stdout) as Report;
}

/** The findings as `path rule`, and the exit code. */
async function summary(sandbox: Sandbox, args: string[], cwd?: string) {
  const { exitCode, findings } = await validate(sandbox, args, cwd);
  return { exitCode, findings: findings.map(({ path, ruleId }) => `${path} ${ruleId}`) };
}

const clean = { exitCode: 0, findings: [] };

describe('the work tree', () => {
  test('is checked as git would commit it: new files are, ignored and deleted ones are not', async () => {
    await using sandbox = await createWorkTree({
      'README.md': '[guide](docs/guide.md) [built](dist/page.md)\n',
      'docs/guide.md': '# Guide\n',
      'docs/old.md': '[nowhere](gone.md)\n',
      '.gitignore': 'dist/\n',
    });
    await sandbox.write(
      inSource({ 'dist/page.md': '[x](nowhere.md)\n', 'docs/new.md': '[x](nothing.md)\n' }),
    );
    await rm(sandbox.path('source/docs/old.md'));
    expect(await summary(sandbox, [])).toEqual({
      exitCode: 1,
      findings: ['README.md link/missing-file', 'docs/new.md link/missing-file'],
    });
  });

  test.each([
    { args: ['docs'], found: ['docs/a.md', 'docs/deep/b.md'] },
    { args: ['docs/a.md'], found: ['docs/a.md'] },
    { args: ['docs/*.md'], found: ['docs/a.md'] },
    { args: ['**/*.md', '!docs/**'], found: ['c [1].md'] },
    { args: ['!docs/deep'], found: ['c [1].md', 'docs/a.md'] },
    { args: ['c [1].md'], found: ['c [1].md'] },
    { args: ['.'], found: ['docs/a.md', 'docs/deep/b.md'], folder: 'docs' },
    { args: ['deep/*.md'], found: ['docs/deep/b.md'], folder: 'docs' },
    { args: [], found: ['c [1].md', 'docs/a.md', 'docs/deep/b.md'], folder: 'docs' },
    { args: ['ignored.md'], found: ['ignored.md'] },
  ])('$args in "$folder" means $found', async ({ args, found, folder = '' }) => {
    const broken = '[x](missing.md)\n';
    await using sandbox = await createWorkTree({
      'docs/a.md': broken,
      'docs/deep/b.md': broken,
      'c [1].md': broken,
      '.gitignore': 'ignored.md\n',
    });
    await sandbox.write(inSource({ 'ignored.md': broken }));
    expect(await summary(sandbox, args, sandbox.path('source', folder))).toEqual({
      exitCode: 1,
      findings: found.map((path) => `${path} link/missing-file`),
    });
  });

  test.each([
    { args: ['nothing.md'], words: 'nothing.md names nothing in the work tree' },
    { args: ['../elsewhere.md'], words: '../elsewhere.md lies outside' },
    { args: ['--deny', '(a'], words: '--deny "(a" is no pattern' },
    {
      args: ['--out', 'none/report.txt'],
      words: '--out none/report.txt cannot be written',
      exitCode: 3,
    },
    { args: ['--check', 'spelling'], words: 'Allowed choices are checksum, link_integrity' },
    { args: ['--max-warnings', '-1'], words: 'expected a number, 0 or more' },
    { args: ['--changed', '--staged'], words: "cannot be used with option '--staged'" },
    { args: ['--from', 'nope'], words: '--from: there is no commit "nope"' },
    { args: ['--schemas', 'none'], words: '--schemas none: there is no such folder' },
    { args: ['--live'], words: '--live needs an endpoint, and the configuration names none' },
    { args: ['--config', 'none.yaml'], words: '--config: there is no file none.yaml' },
  ])('refuses $args', async ({ args, words, exitCode = 2 }) => {
    await using sandbox = await createWorkTree({ 'a.md': '# A\n' });
    const run = await sandbox.holdfast(['validate', ...args]);
    expect(run.stderr).toContain(words);
    expect(run.exitCode).toBe(exitCode);
  });

  test('may be a folder without git', async () => {
    await using sandbox = await createSandbox();
    await sandbox.write({
      'plain/a.md': '[b](b.md) [c](c.md)\n',
      'plain/b.md': '# B\n',
      'plain/node_modules/x/README.md': '[x](nowhere.md)\n',
    });
    const cwd = sandbox.path('plain');
    expect(await summary(sandbox, [], cwd)).toEqual({
      exitCode: 1,
      findings: ['a.md link/missing-file'],
    });
    const changed = await sandbox.holdfast(['validate', '--changed'], { cwd });
    expect(changed.exitCode).toBe(2);
    expect(changed.stderr).toContain('--changed needs a git work tree');
  });

  test('may be empty, or have no commit yet', async () => {
    await using sandbox = await createSandbox();
    await sandbox.repository('source', {});
    expect(await summary(sandbox, [])).toEqual(clean);
    await sandbox.write(inSource({ 'a.md': '[b](b.md)\n' }));
    const found = { exitCode: 1, findings: ['a.md link/missing-file'] };
    expect(await summary(sandbox, ['--changed'])).toEqual(found);
    expect(await summary(sandbox, ['--staged'])).toEqual(clean);
    await sandbox.git(sandbox.path('source'), 'add', 'a.md');
    expect(await summary(sandbox, ['--staged'])).toEqual(found);
  });

  test('keeps what a sparse checkout leaves out', async () => {
    await using sandbox = await createWorkTree({
      'docs/a.md': '[b](../more/b.md#here)\n[c](../more/b.md#gone)\n',
      'more/b.md': '# Here\n',
    });
    await sandbox.git(sandbox.path('source'), 'sparse-checkout', 'set', 'docs');
    expect(existsSync(sandbox.path('source/more'))).toBe(false);
    expect(await summary(sandbox, ['docs'])).toEqual({
      exitCode: 1,
      findings: ['docs/a.md link/missing-fragment'],
    });
  });

  test('takes a link for what it is, a submodule for nothing, and names that are no text', async () => {
    await using sandbox = await createWorkTree({ 'docs/a.md': '[l](../link) [m](../sub/x.md)\n' });
    const source = sandbox.path('source');
    await symlink('/etc/passwd', sandbox.path('source/link'));
    const commit = await sandbox.git(source, 'rev-parse', 'HEAD');
    await sandbox.git(source, 'update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    await writeFile(Buffer.from(`${source}/caf\xe9.md`, 'latin1'), '[x](nowhere.md)\n');
    const found = { exitCode: 0, findings: ['caf\ufffd.md input/name'] };
    expect(await summary(sandbox, [])).toEqual(found);
    expect(await summary(sandbox, ['--changed'])).toEqual(found);
    await commitAll(sandbox, 'Name it badly');
    expect(await summary(sandbox, ['--from', 'HEAD~1'])).toEqual(found);
    await sandbox.git(source, 'reset', '--quiet', '--soft', 'HEAD~1');
    expect(await summary(sandbox, ['--staged'])).toEqual(found);
  });

  test('has files that are too large, binary or closed', async () => {
    await using sandbox = await createWorkTree({ 'a.md': '# A\n' });
    await sandbox.write(inSource({ 'huge.json': '', 'film.bin': '', 'closed.md': '# Closed\n' }));
    await truncate(sandbox.path('source/huge.json'), 101 * 1024 * 1024);
    await truncate(sandbox.path('source/film.bin'), 20 * 1024 * 1024);
    await chmod(sandbox.path('source/closed.md'), 0o000);
    const closed = process.getuid?.() === 0 ? [] : ['closed.md input/unreadable'];
    expect(await summary(sandbox, [])).toEqual({
      exitCode: 1,
      findings: [...closed, 'huge.json input/too-large'],
    });
  });

  test('is not fooled by a configuration that names a program', async () => {
    await using sandbox = await createWorkTree({ 'a.md': '# A\n' });
    const source = sandbox.path('source');
    await sandbox.write({ 'spy.sh': `#!/bin/sh\ntouch ${sandbox.path('spied')}\n` });
    await chmod(sandbox.path('spy.sh'), 0o755);
    await sandbox.git(source, 'config', 'core.fsmonitor', sandbox.path('spy.sh'));
    await sandbox.git(source, 'config', 'diff.external', sandbox.path('spy.sh'));
    expect(await summary(sandbox, ['--changed'])).toEqual(clean);
    expect(await summary(sandbox, ['--staged'])).toEqual(clean);
    expect(existsSync(sandbox.path('spied'))).toBe(false);
  });
});

describe('what changed', () => {
  test('is what git says: edited, new and moved files, not ignored ones', async () => {
    await using sandbox = await createWorkTree({
      'old.md': '[x](broken-before.md)\n',
      'edited.md': '# E\n',
      'moved.md': '[x](broken-in-moved.md)\n',
      '.gitignore': 'ignored.md\n',
    });
    const broken = '[x](missing.md)\n';
    await sandbox.write(
      inSource({ 'edited.md': broken, 'new/a b.md': broken, 'ignored.md': broken }),
    );
    await sandbox.git(sandbox.path('source'), 'mv', 'moved.md', 'there.md');
    const findings = ['edited.md', 'new/a b.md', 'there.md'].map((p) => `${p} link/missing-file`);
    expect(await summary(sandbox, ['--changed'])).toEqual({ exitCode: 1, findings });
    expect(await summary(sandbox, ['--changed', 'new'])).toEqual({
      exitCode: 1,
      findings: ['new/a b.md link/missing-file'],
    });
    expect(await summary(sandbox, ['--changed', 'none-of-these'])).toEqual(clean);
  });

  test('breaks links elsewhere when it takes something away', async () => {
    await using sandbox = await createWorkTree({
      'docs/guide.md': '# Guide\n',
      'docs/img/a.png': 'x',
      'README.md': '[g](docs/guide.md) [i](/docs/img/) [old](was-broken-before.md)\n',
      'a#b/c d.md': '[g](../docs/guide.md#top)\n',
      '.x-overrides/n.md': '[g](../docs/guide.md)\n',
    });
    const source = sandbox.path('source');
    await sandbox.git(source, 'rm', '--quiet', '-r', 'docs');
    for (const flag of ['--changed', '--staged']) {
      expect(await summary(sandbox, [flag])).toEqual({
        exitCode: 1,
        findings: [
          'README.md link/missing-file',
          'README.md link/missing-file',
          'a#b/c d.md link/missing-file',
        ],
      });
    }
  });

  test('may be what is staged, as it is staged', async () => {
    await using sandbox = await createWorkTree({ 'a.md': '# A\n' });
    const source = sandbox.path('source');
    await sandbox.write(inSource({ 'a.md': '[x](missing.md)\n', 'b.md': '# B\n' }));
    await sandbox.git(source, 'add', '--all');
    await sandbox.write(inSource({ 'a.md': '# Good again\n', 'b.md': '[x](missing.md)\n' }));
    expect(await summary(sandbox, ['--staged'])).toEqual({
      exitCode: 1,
      findings: ['a.md link/missing-file'],
    });
    await rename(`${source}/b.md`, `${source}/gone.md`);
    await sandbox.git(source, 'add', 'a.md');
    await sandbox.write(inSource({ 'a.md': '[x](missing.md)\n' }));
    expect(await summary(sandbox, ['--staged'])).toEqual(clean);
  });

  test('may be what a branch changed since it parted', async () => {
    await using sandbox = await createWorkTree({ 'a.md': '# A\n', 'b.md': '# B\n' });
    const source = sandbox.path('source');
    await sandbox.git(source, 'checkout', '--quiet', '-b', 'feature');
    await sandbox.write(inSource({ 'b.md': '[x](missing.md)\n' }));
    await commitAll(sandbox, 'Break b');
    await sandbox.git(source, 'checkout', '--quiet', 'main');
    await sandbox.write(inSource({ 'a.md': '[x](missing.md)\n' }));
    await commitAll(sandbox, 'Break a');
    const inB = { exitCode: 1, findings: ['b.md link/missing-file'] };
    expect(await summary(sandbox, ['--from', 'main', '--to', 'feature'])).toEqual(inB);
    expect(await summary(sandbox, ['--to', 'feature'])).toEqual(inB);
    expect(await summary(sandbox, ['--from', 'main'])).toEqual(clean);
    await sandbox.git(sandbox.folder, 'clone', '--quiet', '--bare', source, 'bare.git');
    const bare = await validate(sandbox, ['--to', 'feature'], sandbox.path('bare.git'));
    const inside = await sandbox.holdfast(['validate'], { cwd: sandbox.path('bare.git') });
    expect([inside.exitCode, inside.stderr]).toEqual([2, expect.stringContaining('--to REVISION')]);
    expect(bare.sync_validation.source_version).toBe(
      (await sandbox.git(source, 'rev-parse', 'feature')).slice(0, 12),
    );
    expect(bare.findings).toHaveLength(1);
  });
});

describe('the report', () => {
  const files = {
    'a.md': `# A\n\n[b](b.md) token ${secret}\n`,
    'model.json': '{"$schema": "https://schemas.example/none.json"}\n',
    'c.md': '[undefined reference][nowhere]\n',
  };

  test.each([
    { format: 'json', words: '"ruleId": "link/missing-file"' },
    { format: 'yaml', words: 'rule_id: local' },
    { format: 'markdown', words: 'Link integrity' },
    { format: 'sarif', words: '"version": "2.1.0"' },
    { format: 'junit', words: '<testsuite' },
    { format: 'text', words: 'link/missing-file' },
  ])('comes as $format, on stdout or in a file', async ({ format, words }) => {
    await using sandbox = await createWorkTree(files);
    const shown = await sandbox.holdfast(['validate', '--format', format]);
    expect(shown.exitCode).toBe(1);
    expect(shown.stdout).toContain(words);
    expect(shown.stdout).not.toContain(secret);
    const saved = await sandbox.holdfast(['validate', '--format', format, '--out', '../report']);
    expect(saved.stdout).toContain('Saved to ../report.');
    expect(await readFile(sandbox.path('report'), 'utf8')).toBe(shown.stdout);
  });

  test('stays JSON when a file has a hostile name', async () => {
    await using sandbox = await createWorkTree({ 'x\u0085\u202ey\u001b.md': '[b](b.md)\n' });
    for (const format of ['json', 'sarif']) {
      const { stdout } = await sandbox.holdfast(['validate', '--format', format]);
      expect(() => JSON.parse(stdout)).not.toThrow();
      expect(stdout).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });

  test('takes checks in and out', async () => {
    await using sandbox = await createWorkTree(files);
    const names = async (...args: string[]) =>
      (await validate(sandbox, args)).sync_validation.checks.map(({ name }) => name);
    expect(await names()).toEqual(['link_integrity', 'schema_check', 'secret_scan']);
    expect(await names('--check', 'secret_scan', '--check', 'link_integrity')).toEqual([
      'link_integrity',
      'secret_scan',
    ]);
    expect(await names('--skip', 'secret_scan')).toEqual(['link_integrity', 'schema_check']);
  });

  test('fails on more warnings than are allowed', async () => {
    await using sandbox = await createWorkTree({ 'c.md': '[a][nowhere]\n\n[b][nowhere]\n' });
    expect((await validate(sandbox, [])).exitCode).toBe(0);
    expect((await validate(sandbox, ['--max-warnings', '2'])).exitCode).toBe(0);
    const { exitCode, stdout } = await sandbox.holdfast(['validate', '--max-warnings', '1']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('More than 1 warning (--max-warnings).');
  });

  test('lets a fingerprint pass, and denies a pattern', async () => {
    await using sandbox = await createWorkTree({ 'a.md': `token ${secret}\nProject Zebra\n` });
    const { findings } = await validate(sandbox, []);
    const fingerprint = String(findings[0]?.data?.['fingerprint']);
    expect(await summary(sandbox, ['--allow', fingerprint])).toEqual(clean);
    expect(await summary(sandbox, ['--allow', fingerprint, '--deny', '(?i)zebra'])).toEqual({
      exitCode: 1,
      findings: ['a.md secret/deny-pattern'],
    });
  });
});

describe('the configuration', () => {
  const configuration = `namespace: acme
source: { repo: . }
rules: ["rules/*.yaml"]
targets: { org/web: { url: ../web.git } }
validation:
  schemas: [{ files: "models/**/*.json", schema: schemas/model.json }]
`;
  const rule = `sync_rule:
  id: web
  source: "docs/**"
  target_repo: org/web
  target_path: standards/
  strategy: copy
  frequency: manual
  validation: { deny: ["Zebra"], link_check: false }
  schemas: [{ files: "standards/*.yaml", schema: schemas/setting.json }]
`;
  const schema = (type: string) => JSON.stringify({ type });

  test('may deny by a pattern that is none, which is an error of the input', async () => {
    await using sandbox = await createWorkTree({
      'holdfast.yaml': configuration,
      'rules/web.yaml': rule.replace('Zebra', '(?=x)'),
    });
    const { exitCode, stderr } = await sandbox.holdfast(['validate']);
    expect(stderr).toContain('validation.deny: "(?=x)" is no pattern');
    expect(exitCode).toBe(2);
  });

  test('adds what its rules deny and bind, for the files that they deliver', async () => {
    await using sandbox = await createWorkTree({
      'holdfast.yaml': configuration,
      'rules/web.yaml': rule,
      'docs/a.md': 'Zebra [x](missing.md)\n',
      'docs/setting.yaml': 'just text\n',
      'internal.md': 'Zebra\n',
      'models/m.json': '[]\n',
      'other.json': '[]\n',
      'schemas/model.json': schema('object'),
      'schemas/setting.json': schema('object'),
    });
    const findings = [
      'docs/a.md link/missing-file',
      'docs/a.md secret/deny-pattern',
      'docs/setting.yaml schema/invalid',
      'models/m.json schema/invalid',
    ];
    const found = await summary(sandbox, []);
    expect({ ...found, findings: found.findings.sort() }).toEqual({ exitCode: 1, findings });
    await sandbox.git(sandbox.path('source'), 'rm', '--quiet', '--cached', '-r', 'schemas');
    const staged = await summary(sandbox, ['--staged', 'models']);
    expect(staged).toEqual(clean);
  });

  test('says nothing of files when its source is elsewhere', async () => {
    await using sandbox = await createWorkTree({
      'holdfast.yaml': configuration.replace('repo: .', 'repo: ../upstream'),
      'rules/web.yaml': rule,
      'docs/a.md': 'Zebra\n',
      'schemas/model.json': schema('object'),
    });
    expect(await summary(sandbox, [])).toEqual(clean);
  });

  test('needs no rule, and is wrong or right as for every command', async () => {
    await using sandbox = await createWorkTree({
      'holdfast.yaml': 'validation: { schemas: [{ files: "*.json", schema: s/x.json }] }\n',
      's/x.json': schema('object'),
      'a.json': '[]\n',
    });
    expect(await summary(sandbox, [])).toEqual({
      exitCode: 1,
      findings: ['a.json schema/invalid'],
    });
    await mkdir(sandbox.path('source/sub'));
    for (const name of ['holdfast.yaml', 's', 'a.json']) {
      await rename(sandbox.path('source', name), sandbox.path('source/sub', name));
    }
    await sandbox.write(inSource({ 'a.json': '[]\n' }));
    expect(await summary(sandbox, [], sandbox.path('source/sub'))).toEqual({
      exitCode: 1,
      findings: ['sub/a.json schema/invalid'],
    });
    await sandbox.write(inSource({ 'holdfast.yaml': 'validation: { schema: [] }\n' }));
    const { exitCode, stderr } = await sandbox.holdfast(['validate']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('holdfast.yaml:1:15: unknown key "schema" in validation'),
    });
  });
});

describe('schemas of a folder', () => {
  const member = JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://schemas.example/member.json',
    type: 'object',
    required: ['id'],
  });

  test('are found by $id, by path, in the index and outside of the work tree', async () => {
    await using sandbox = await createWorkTree({
      'models/by-id.json': '{ "$schema": "https://schemas.example/member.json" }\n',
      'models/by-path.json': '{ "$schema": "../schemas/member.json" }\n',
      'schemas/member.json': member,
    });
    const findings = ['models/by-id.json schema/invalid', 'models/by-path.json schema/invalid'];
    expect(await summary(sandbox, ['models', '--schemas', 'schemas'])).toEqual({
      exitCode: 1,
      findings,
    });
    await rename(sandbox.path('source/schemas'), sandbox.path('elsewhere'));
    expect((await summary(sandbox, ['models', '--schemas', '../elsewhere'])).findings).toContain(
      'models/by-id.json schema/invalid',
    );
    expect((await summary(sandbox, ['--staged', 'models'])).findings).toEqual([]);
    await sandbox.write(
      inSource({
        'models/by-id.json': '{ "$schema": "https://schemas.example/member.json", "id": 1 }',
      }),
    );
    await sandbox.git(sandbox.path('source'), 'add', 'models');
    await cp(sandbox.path('elsewhere'), sandbox.path('source/schemas'), { recursive: true });
    expect(await summary(sandbox, ['--staged', '--schemas', 'schemas'])).toEqual(clean);
  });
});

describe('the work tree of a target', () => {
  async function createTarget(): Promise<Sandbox> {
    const sandbox = await createSyncedFleet();
    await sandbox.git(sandbox.folder, 'clone', '--quiet', sandbox.path('web.git'), 'web');
    return sandbox;
  }

  test('is compared with the manifests that lie there', async () => {
    await using sandbox = await createTarget();
    const web = sandbox.path('web');
    const before = await validate(sandbox, [], web);
    expect(before.findings).toEqual([]);
    expect(before.sync_validation.checks.map(({ name }) => name)).toContain('checksum');

    await sandbox.write({ 'web/standards/guide.md': '# Mine\n' });
    await rm(sandbox.path('web/standards/style.md'));
    const { exitCode, findings } = await validate(sandbox, [], web);
    expect(exitCode).toBe(1);
    expect(findings.map(({ ruleId, path, message }) => [ruleId, path, message])).toEqual([
      [
        'checksum/mismatch',
        'standards/guide.md',
        expect.stringContaining('delivered by web at v1.0.0, and it was changed since: expected'),
      ],
      [
        'checksum/missing',
        'standards/style.md',
        expect.stringContaining('delivered by web at v1.0.0, and it is missing'),
      ],
    ]);
    const mismatch = { exitCode: 1, findings: ['standards/guide.md checksum/mismatch'] };
    expect(await summary(sandbox, ['standards/guide.md'], web)).toEqual(mismatch);
    await sandbox.git(web, 'add', 'standards/guide.md');
    expect(await summary(sandbox, ['--staged'], web)).toEqual(mismatch);
    expect(await summary(sandbox, ['--skip', 'checksum'], web)).toEqual(clean);
    expect(await summary(sandbox, ['README.md'], web)).toEqual(clean);
  });

  test('tells a version tag of another release, by the key of its namespace', async () => {
    await using sandbox = await createTarget();
    const web = sandbox.path('web');
    const tag = (version: string) =>
      sandbox.write({ 'web/standards/guide.md': `---\nacme_version: ${version}\n---\n# Guide\n` });
    const args = ['--check', 'version_tag', '--max-warnings', '0'];
    await tag('v0.9.0');
    const found = ['standards/guide.md version/mismatch'];
    expect(await summary(sandbox, args, web)).toEqual({ exitCode: 1, findings: found });
    await tag('v1.0.0');
    expect(await summary(sandbox, args, web)).toEqual({ exitCode: 0, findings: [] });
  });

  test('tells a damaged manifest', async () => {
    await using sandbox = await createTarget();
    await sandbox.write({ 'web/.acme-sync-state/web/manifest.json': '{ "version": 1 ' });
    const { exitCode, findings } = await validate(
      sandbox,
      ['--check', 'checksum'],
      sandbox.path('web'),
    );
    expect(exitCode).toBe(1);
    expect(findings[0]?.path).toBe('.acme-sync-state/web/manifest.json');
  });
});

const bundle = `${data}agent33-core/agent33-core.bundle`;

test.runIf(existsSync(bundle))('the real upstream has the same findings by every way', async () => {
  await using sandbox = await createSandbox();
  await sandbox.git(sandbox.folder, 'clone', '--quiet', bundle, 'source');
  const source = sandbox.path('source');
  const checkedOut = await validate(sandbox, []);
  const commit = await validate(sandbox, ['--to', 'HEAD']);
  await sandbox.git(source, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
  const staged = await validate(sandbox, ['--staged']);
  const { stdout } = await execute('git', ['ls-files'], { cwd: source });
  await mkdir(sandbox.path('plain'));
  for (const path of stdout.trim().split('\n')) {
    await cp(`${source}/${path}`, sandbox.path('plain', path));
  }
  const plain = await validate(sandbox, [], sandbox.path('plain'));
  expect(checkedOut.findings.length).toBeGreaterThan(20);
  for (const other of [commit, staged, plain]) expect(other.findings).toEqual(checkedOut.findings);
  expect(checkedOut.findings.filter(({ ruleId }) => ruleId.startsWith('secret/'))).toEqual([]);
});

const odps = `${data}odps/`;

test.runIf(existsSync(odps))('the real schemas and their examples are read', async () => {
  await using sandbox = await createSandbox();
  await cp(`${odps}schemas`, sandbox.path('source/schemas'), { recursive: true });
  await cp(`${odps}examples/odcs-bitol`, sandbox.path('source/examples'), { recursive: true });
  const { sync_validation, findings } = await validate(sandbox, ['--check', 'schema_check']);
  const [row] = sync_validation.checks;
  expect(Number(/^(\d+) schemas/.exec(row?.details ?? '')?.[1])).toBeGreaterThan(5);
  expect(findings.filter(({ ruleId }) => ruleId === 'schema/syntax')).toEqual([]);
});
