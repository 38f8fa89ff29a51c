import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { startWorkerProcess, TOKEN } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Flags for a machine whose network is closed: no look at the browser's own hosts. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const present = existsSync(CHROMIUM);
if (!present && process.env['HOLDFAST_REQUIRE_SERVICES'])
  throw new Error(`Chromium is required, and there is none at ${CHROMIUM}`);

/** What axe finds wrong, by rule and element. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 100)}`));
}

function pageSuite(): void {
  let fleet: TestFleet;
  let worker: WorkerProcess;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    fleet = await createTestFleet(4);
    worker = await startWorkerProcess({ cwd: fleet.source, data: join(fleet.folder, 'data') });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await worker?.kill();
    await fleet?.[Symbol.asyncDispose]();
  });

  test('a stranger signs in by the token, and by nothing else', async () => {
    await page.goto(worker.url);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Token of the worker').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    errors.length = 0;
    await page.getByLabel('Token of the worker').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Fleet of acme/standards' }).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([
      { name: 'holdfast_session', httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(JSON.stringify(cookies)).not.toContain(TOKEN);
  });

  test('a plan shows what would change, file by file', async () => {
    await page.getByRole('button', { name: 'Plan' }).press('Enter');
    await page.getByText('4 of 4 done').waitFor({ timeout: 60_000 });
    await page.getByText('docs/standards/guide.md').first().click();
    expect(await page.locator('pre .add').first().textContent()).toContain('# Guide');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Rollouts' }).click();
    await page.getByText('No release is rolled out in waves').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Fleet' }).click();
  });

  test('a run is started by keyboard and followed live to its end', async () => {
    await page.getByRole('button', { name: 'Sync now' }).press('Enter');
    await page.getByRole('heading', { name: /^Run of/ }).waitFor();
    await page.getByText('4 of 4 done').waitFor({ timeout: 60_000 });
    expect(await page.getByText(/org-repo-\d+: opened \(v1\.0\.0\)/).count()).toBe(4);
    expect(await violations(page)).toEqual([]);
  });

  test('the fleet shows what the run came to; it is filtered and sorted', async () => {
    await page.getByRole('link', { name: 'Fleet' }).click();
    await page.getByLabel('Filter', { exact: true }).fill('repo-002');
    await page.getByText('1 shown').waitFor();
    await page.getByLabel('Filter', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Repository' }).press('Enter');
    await page.getByRole('button', { name: 'Repository' }).press('Enter');
    expect(await page.locator('table[data-sortable] tbody th').first().textContent()).toBe(
      'org/repo-003',
    );
    expect(await violations(page)).toEqual([]);
  });

  test('a target has its history', async () => {
    await page.getByRole('link', { name: 'org/repo-001' }).first().click();
    await page.getByRole('heading', { name: 'org/repo-001' }).waitFor();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(await page.getByRole('table', { name: 'Runs' }).getByRole('row').count()).toBe(4);
    expect(await violations(page)).toEqual([]);
  });

  test('another site can start nothing in the name of who is signed in', async () => {
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    for (const origin of ['https://evil.example', undefined]) {
      const response = await fetch(`${worker.url}/runs`, {
        method: 'POST',
        headers: { cookie, ...(origin ? { origin } : {}) },
        redirect: 'manual',
      });
      expect(response.status).toBe(403);
    }
  });

  test('signing out ends it, and nothing went wrong on the way', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(worker.url);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(errors).toEqual([]);
    expect(worker.log()).not.toContain(TOKEN);
  });
}

if (present) describe('the fleet page in Chromium', pageSuite);
else
  describe('the fleet page in Chromium', () => {
    test('is tested where Chromium is installed, as .ci/run does', () => {
      expect(present).toBe(false);
    });
  });
