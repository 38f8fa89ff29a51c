import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import { chars, planted } from '../test/planted-secrets.js';
import {
  allowMarker,
  checkDenyPattern,
  formatReport,
  secretScanCheck,
  validate,
  type SecretScanOptions,
} from './index.js';
import { presetKeywords } from './preset-keywords.js';
import { scanWithPreset } from './preset-scan.js';

async function scan(text: string, options?: SecretScanOptions) {
  const report = await validate([file('docs/a.md', text)], [secretScanCheck(options)], context);
  return report.findings;
}

const rulesFound = async (text: string) => (await scan(text)).map(({ ruleId }) => ruleId);

describe('planted secrets', () => {
  it.each(planted)('finds one %s, with its place', async (_kind, line) => {
    const findings = await scan(`# Title\n\nSome text, ${line}\n\nmore text\n`);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'error', range: { start: { line: 3 } } });
  });

  it.each(planted)('never prints one %s, in any format', async (_kind, line) => {
    const report = await validate([file('a.md', line)], [secretScanCheck()], context);
    const secret = line
      .split(/[\s"'=:/;]+/)
      .reduce((longest, part) => (part.length > longest.length ? part : longest));
    for (const format of ['text', 'json', 'markdown', 'sarif', 'junit'] as const) {
      expect(formatReport(report, format)).not.toContain(secret);
    }
  });

  it('finds each among all the others', async () => {
    const text = planted.map(([, line]) => line).join('\n\nsome words between them\n\n');
    expect(await scan(text)).toHaveLength(planted.length);
  });
});

describe('what documents use in the place of secrets', () => {
  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'api_key = "sk-1234567890abcdef"',
    'password: "<your-password-goes-here>"',
    "token: '${{ secrets.DEPLOY_TOKEN }}'",
    'token = "{{ vault.secret.token }}"',
    'postgres://user:password@localhost:5432/db',
    'https://user:${TOKEN}@github.com/org/repo.git',
    'redis://:REDIS_PASSWORD@cache:6379',
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
    '| `AKIA[0-9A-Z]{16}` | AWS access key | `-----BEGIN .* PRIVATE KEY-----` |',
    'regex: "ghp_[A-Za-z0-9]{36}"',
    'secret: "core/orchestrator/SECURITY_HARDENING.md"',
    'token_endpoint: "https://login.example.com/oauth2/token"',
    'password: "correct horse battery staple"',
    'commit 9f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e',
    'sha256-9f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e5b8d2604',
  ])('raises no alarm on %s', async (text) => {
    expect(await rulesFound(text)).toEqual([]);
  });
});

describe('private paths', () => {
  it.each([
    ['/home/mkowalski/work/notes.md', 'secret/home-directory'],
    ['/Users/mkowalski/Documents/x', 'secret/home-directory'],
    ['C:\\Users\\mkowalski\\x.md', 'secret/home-directory'],
    ['C:/Users/mkowalski/x.md', 'secret/home-directory'],
    ['[x](file:///opt/acme/readme.md)', 'secret/file-url'],
    ['https://wiki.acme.internal/page', 'secret/internal-host'],
    ['http://build01.corp:8080/', 'secret/internal-host'],
    ['http://192.168.7.12/admin', 'secret/internal-host'],
    ['ssh://git@10.4.2.1/repo', 'secret/internal-host'],
  ])('%s', async (text, ruleId) => {
    expect(await rulesFound(`see ${text} for more`)).toEqual([ruleId]);
  });

  it.each([
    '/home/user/project',
    '/home/runner/work',
    '/Users/you/code',
    '~/home/x/y',
    'docs/home/team/x',
    'https://example.com/home/anna/x',
    'http://localhost:8080/',
    'http://host.docker.internal:3000',
    'http://svc.ns.svc.cluster.local',
    'http://127.0.0.1/x',
    'file:///path/to/file',
    'https://internal.acme.com/',
    'an internal host such as 10.0.0.1',
  ])('but not %s', async (text) => {
    expect(await rulesFound(`see ${text} for more`)).toEqual([]);
  });
});

describe('internal-only markers', () => {
  it.each([
    '<!-- internal-only -->',
    '<!-- INTERNAL: for the team -->',
    '> **INTERNAL USE ONLY**',
    '---\ntitle: x\nvisibility: internal\n---\n',
    'COMPANY CONFIDENTIAL',
  ])('%j', async (text) => {
    expect(await rulesFound(text)).toEqual(['secret/internal-marker']);
  });

  it.each([
    '# Remove links to internal-only docs',
    '| S2: Internal | Internal-only data |',
    '<!-- internally we call this x -->',
    'text\n\nvisibility: internal\n',
    'This is confidential.',
  ])('but not %j', async (text) => {
    expect(await rulesFound(text)).toEqual([]);
  });
});

describe('allow-listing', () => {
  const secret = `${'gh' + 'p_'}${chars(36)}`;

  it('by the fingerprint that the finding names', async () => {
    const [finding] = await scan(secret);
    const fingerprint = String(finding?.data?.['fingerprint']);
    expect(finding?.message).toContain(fingerprint);
    expect(await scan(secret, { allow: [fingerprint] })).toEqual([]);
    expect(
      await scan(`${secret}\n${'gh' + 'p_'}${chars(36, undefined, 9)}`, { allow: [fingerprint] }),
    ).toHaveLength(1);
  });

  it('by a marker on the line or the one before, and no further', async () => {
    expect(await scan(`${secret} <!-- ${allowMarker} -->`)).toEqual([]);
    expect(await scan(`<!-- ${allowMarker} -->\n${secret}\n`)).toEqual([]);
    expect(await scan(`<!-- ${allowMarker} -->\n\n${secret}\n`)).toHaveLength(1);
    expect(await scan(`<!-- secretlint-disable -->\n${secret}\n`)).toHaveLength(1);
  });
});

describe('deny patterns', () => {
  it('are matched as RE2, and a finding says what the rule says', async () => {
    const findings = await scan('about Project Falcon and\nproject falcon', {
      deny: [{ pattern: '(?i)project falcon', message: 'an unannounced name' }],
    });
    expect(
      findings.map(({ ruleId, message, range }) => [
        ruleId,
        message.replace(/ \(.*/, ''),
        range?.start,
      ]),
    ).toEqual([
      ['secret/deny-pattern', 'denied: an unannounced name', { line: 1, column: 7 }],
      ['secret/deny-pattern', 'denied: an unannounced name', { line: 2, column: 1 }],
    ]);
  });

  it('built to backtrack take linear time', async () => {
    expect(await scan('a'.repeat(20_000), { deny: [{ pattern: '(a+)+b' }] })).toEqual([]);
  });

  it('that RE2 cannot compile fail the check', async () => {
    const report = await validate(
      [file('a.md', '')],
      [secretScanCheck({ deny: [{ pattern: '(?=a)' }] })],
      context,
    );
    expect(report.sync_validation.checks[0]).toMatchObject({ status: 'fail' });
    expect(await checkDenyPattern('(?=a)')).toContain('(?=');
    expect(await checkDenyPattern('a*')).toContain('everywhere');
    expect(await checkDenyPattern('(?i)a+')).toBeUndefined();
  });
});

it('says how many files it could not read', async () => {
  const given = files({ 'a.md': '', 'b.png': new Uint8Array([0x89, 0x50, 0, 0]) });
  const report = await validate(given, [secretScanCheck()], context);
  expect(report.sync_validation.checks[0]?.details).toBe('0 violations, 1 file not text');
});

describe("the gate before secretlint's preset", () => {
  it('knows every rule of the preset that is installed', () => {
    expect(rules.map(({ meta }) => meta.id.replace('@secretlint/secretlint-rule-', '')).sort())
      .toMatchInlineSnapshot(`
      [
        "1password",
        "anthropic",
        "aws",
        "basicauth",
        "cloudflare",
        "database-connection-string",
        "databricks",
        "docker",
        "figma",
        "filter-comments",
        "gcp",
        "github",
        "gitlab",
        "grafana",
        "groq",
        "hashicorp-vault",
        "huggingface",
        "linear",
        "notion",
        "npm",
        "openai",
        "privatekey",
        "sendgrid",
        "shopify",
        "slack",
        "stripe",
        "tailscale",
        "vercel",
      ]
    `);
  });

  it('lets through whatever the preset finds', async () => {
    for (const [kind, line] of planted) {
      const found = await scanWithPreset(line);
      const gated = presetKeywords.some((keyword) => line.toLowerCase().includes(keyword));
      expect([kind, found.length > 0 && !gated]).toEqual([kind, false]);
    }
  });
});

it.each([
  ['keywords of the preset', `${'gh' + 'p_'}`.repeat(100_000)],
  ['prefixes', `${'AK' + 'IA'}`.repeat(100_000)],
  ['URLs', '://a:'.repeat(100_000)],
  ['assignments', 'password="'.repeat(50_000)],
  ['token heads', `${'e' + 'yJ'}${'a'.repeat(500_000)}`],
  ['PEM heads', '-----BEGIN '.repeat(50_000)],
  ['registry lines', '_authToken='.repeat(50_000)],
])('stays linear on many %s', async (_name, text) => {
  expect(await scan(text)).toEqual([]);
});
