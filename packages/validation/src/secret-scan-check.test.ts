import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import { assignments, carriers, chars, passwords, planted } from '../test/planted-secrets.js';
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
    expect(findings[0]).toMatchObject({ severity: 'error' });
    const lines = line.split('\n').length;
    const found = findings[0]?.range?.start.line ?? 0;
    expect(found >= 3 && found <= 2 + lines).toBe(true);
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
    const text = planted.map(([, line]) => line).join('\n\n---\n\n');
    expect(await scan(text)).toHaveLength(planted.length);
  });
});

describe('in every carrier', () => {
  it.each(carriers)('%s', async (_kind, path, put) => {
    const missed: string[] = [];
    for (const [kind, line] of planted) {
      const report = await validate([file(path, put(line))], [secretScanCheck()], context);
      if (report.findings.length === 0) missed.push(kind);
    }
    // A Secret that is commented out is none.
    const expected = path === 'a.toml' ? ['Kubernetes Secret', 'Kubernetes Secret by kubectl'] : [];
    expect(missed).toEqual(expected);
  });

  it.each(assignments)('a password in %s, as %s', async (path, assign) => {
    const missed: string[] = [];
    for (const password of passwords) {
      const report = await validate([file(path, assign(password))], [secretScanCheck()], context);
      if (report.findings.length !== 1)
        missed.push(`${report.findings.length} ${assign(password)}`);
    }
    expect(missed).toEqual([]);
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
    'clientSecret: aabbccddeeff00112233',
    'password:e.env.YARN_INJECT_NPM_PASSWORD||""',
    'publicKeyToken="6595b64144ccf1df"',
    'password: YWRtaW4=',
    'parse-passwd: "npm:^1.0.0"',
    'commit 9f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e',
    'sha256-9f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e5b8d26049f3a7c1e5b8d2604',
  ])('raises no alarm on %s', async (text) => {
    expect(await rulesFound(text)).toEqual([]);
  });
});

describe('private paths', () => {
  it.each([
    ['/home/mkowalski/work/notes.md', 'private/home-directory'],
    ['/Users/mkowalski/Documents/x', 'private/home-directory'],
    ['C:\\Users\\mkowalski\\x.md', 'private/home-directory'],
    ['C:/Users/mkowalski/x.md', 'private/home-directory'],
    ['[x](file:///opt/acme/readme.md)', 'private/file-url'],
    ['https://wiki.acme.internal/page', 'private/internal-host'],
    ['http://build01.corp:8080/', 'private/internal-host'],
    ['http://192.168.7.12/admin', 'private/internal-host'],
    ['ssh://git@10.4.2.1/repo', 'private/internal-host'],
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

describe('private places in their context', () => {
  it.each([
    ['a container', 'The plugin lies in `/home/argocd/cmp-server/plugin.yaml`, says argocd.'],
    ['a container in prose', 'argocd looks at /home/argocd/plugins/plugin.yaml.'],
    ['an address in a block', '```\nhttp://192.168.7.12/admin\n```\n'],
    ['an address in a span', 'Run `curl http://10.97.164.88/x`.'],
    ['an address in YAML of a list', '- item\n\n  ```yaml\n  url: https://a.b.corp:8080\n  ```\n'],
    ['an example', 'http://my-host.internal/'],
    ['the first address of a router', 'http://192.168.1.1/'],
    ['a URL of a command', '[docs](file:///$(pwd)/docs)'],
    ['a URL as code', '`file:///opt/acme/readme.md`'],
    ['a file URL in prose', 'Give it as file:///opt/acme/readme.md'],
    ['a trust domain', 'spiffe://cluster.local/ns/istio-system/sa/istiod'],
  ])('but not %s', async (_, text) => {
    expect(await rulesFound(text)).toEqual([]);
  });

  it.each([
    ['a home with what people keep there', '```\n/home/mkowalski/work/notes.md\n```'],
    ['a home on a Mac in code', '`/Users/mkowalski/x/y`'],
  ])('%s', async (_, text) => {
    expect(await rulesFound(text)).toEqual(['private/home-directory']);
  });

  it('show what they are, and the line that allows them, which does', async () => {
    const text = 'see https://deploy@wiki.acme.internal:8443/page and /home/mkowalski/a/b.md.';
    const findings = await scan(text);
    expect(findings.map(({ message }) => message.replace(/\(.*?\)/, '(…)'))).toEqual([
      'a host of a private network: https://wiki.acme.internal:8443/page (…); if it may be published, add to the rule: validation: {allow_secrets: ["https://wiki.acme.internal:8443/page"]}',
      'a path in a home directory: /home/mkowalski/a/b.md (…); if it may be published, add to the rule: validation: {allow_secrets: ["/home/mkowalski/a/b.md"]}',
    ]);
    expect(await scan(text, { allow: ['https://wiki.acme.internal', '/home/mkowalski/'] })).toEqual(
      [],
    );
    expect(await scan(text, { allow: ['https://wiki.acme', '/home/mko', 'page'] })).toHaveLength(2);
  });
});

describe('severities', () => {
  const text = `/Users/mkowalski/x/y and ${'gh' + 'p_'}${chars(36)}`;
  const weigh = async (severities: NonNullable<SecretScanOptions['severities']>) =>
    (await scan(text, { severities })).map(({ ruleId, severity }) => `${severity} ${ruleId}`);

  it('of a rule, of a family, the rule before the family', async () => {
    expect(await weigh({})).toEqual(['error private/home-directory', 'error secret/github']);
    expect(await weigh({ private: 'warning' })).toEqual([
      'warning private/home-directory',
      'error secret/github',
    ]);
    expect(await weigh({ private: 'off', secret: 'off', 'secret/github': 'info' })).toEqual([
      'info secret/github',
    ]);
    expect(await weigh({ 'private/home-directory': 'off', 'secret/github': 'off' })).toEqual([]);
    expect(await weigh(Object.create({ secret: 'off' }) as Record<string, never>)).toHaveLength(2);
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
    '// HEDLEY INTERNAL USE ONLY.  API subject to change',
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

  it('that match everywhere on one line are bounded', async () => {
    const report = await validate(
      [file('a.md', 'ab'.repeat(300_000))],
      [secretScanCheck({ deny: [{ pattern: 'a' }] })],
      context,
    );
    expect(report.findings).toHaveLength(1001);
    expect(
      report.findings.find(({ ruleId }) => ruleId === 'input/too-many-findings')?.data,
    ).toEqual({
      omitted: 1,
    });
  });

  it('that do not end in time are told', async () => {
    const report = await validate(
      [file('a.md', 'a'.repeat(4_000_000))],
      [secretScanCheck({ deny: [{ pattern: '(?:a?){60}b|(?:a?){60}c' }] })],
      { ...context, limits: { patternTimeoutMs: 1 } },
    );
    expect(report.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('denied: pattern 1: looking for it did not end within 1 ms'),
    ]);
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
  ['Secrets', 'kind: Secret\n'.repeat(50_000)],
  ['data of Secrets', `kind: Secret\ndata:\n${'  a: b\n'.repeat(100_000)}`],
  ['elements', '<password>'.repeat(50_000)],
  ['options', '--password '.repeat(50_000)],
  ['images', 'ENV PASSWORD '.repeat(50_000)],
  ['commands', `curl${' -u'.repeat(100_000)}`],
])('stays linear on many %s', async (_name, text) => {
  expect(await scan(text)).toEqual([]);
});

it.each([
  ['homes', '/Users/mkowalski/ '],
  ['hosts', 'http://a.corp '],
  ['hosts in spans', '`http://a.corp '],
  ['hosts on marked lines', `http://a.corp <!-- ${allowMarker.slice(1)} `],
])('stays bounded on many %s', async (_name, text) => {
  const report = await validate([file('a.md', text.repeat(20_000))], [secretScanCheck()], context);
  expect(report.findings).toHaveLength(1001);
});
