import { describe, expect, test } from 'vitest';
import { fleetPage, renderPage, renderPiece, targetPage } from './index.js';
import type { FleetRow } from './index.js';

const at = '2026-02-20T10:00:00Z';
const row: FleetRow = {
  target: 'org/app',
  rule: 'docs',
  strategy: 'copy',
  frequency: 'on_release',
  status: 'Current',
  lastSync: '2026-02-01T09:00:00Z',
  version: 'v1.1.0',
};

function text(rows: readonly FleetRow[], addresses = {}): string {
  return renderPiece(fleetPage({ source: 'acme/standards', at, rows }, addresses));
}

describe('fleetPage', () => {
  test('says how many targets stand where, and since when', () => {
    const page = text([row, { ...row, target: 'org/b', status: 'Behind', releasesBehind: 2 }]);
    expect(page).toContain('2 targets');
    expect(page).toContain('2 releases behind');
    expect(page).toContain('19 days ago');
    expect(page).toMatch(/<dt>14–30 days<\/dt>.*?<span>2<\/span>/s);
  });

  test('counts a target of two rules once', () => {
    expect(text([row, { ...row, rule: 'other' }])).toContain('1 target,');
  });

  test('escapes whatever a repository or a forge says', () => {
    const page = text([
      {
        ...row,
        target: '<img src=x onerror=alert(1)>',
        request: { number: 1, url: 'javascript:alert(1)' },
        error: { message: '<script>alert(2)</script>' },
      },
    ]);
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('javascript:');
  });

  test('lists drift by file, and says which command names the files where they are not known', () => {
    const page = text([
      { ...row, drifted: 1, driftedFiles: ['docs/guide.md'] },
      { ...row, rule: 'other', drifted: 3 },
    ]);
    expect(page).toContain('<code>docs/guide.md</code>');
    expect(page).toContain('3 files; holdfast drift other names them');
  });

  test('shows the first rows of a very large fleet, and says so', () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => ({ ...row, target: `org/r${i}` }));
    const page = text(rows);
    expect(page.match(/<tr data-status/g)).toHaveLength(5_000);
    expect(page).toContain('of 6,000');
  });

  test('links to a target where there is an address for it', () => {
    const target = (name: string) => `/targets/${encodeURIComponent(name)}`;
    expect(text([row], { target })).toContain('href="/targets/org%2Fapp"');
    expect(text([row])).not.toContain('href="/targets');
  });
});

test('a target that nobody looked at says so', () => {
  expect(renderPiece(targetPage('org/app', { rows: [], at }))).toContain('Nobody has looked at it');
});

test('a page is one document without outside assets', () => {
  const page = renderPage(fleetPage({ source: 's', at, rows: [row] }), {
    title: 'Fleet',
    nonce: 'n',
  });
  expect(page).toMatch(/^<!doctype html><html lang="en">/);
  expect(page).toContain('<script nonce="n">');
  expect(page).toContain('<style nonce="n">');
  expect(page).not.toMatch(/(?:src|href)="(?!data:,|#)/);
});
