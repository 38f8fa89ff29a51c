/**
 * Times the checks on the real upstream and on generated documents, beside secretlint's own command and
 * remark-validate-links: `node bench/index.ts`, after a build. Medians of five runs; quote
 * the ratios, for the times are the machine's.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import {
  checksumCheck,
  emptyTree,
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
  type Check,
  type ValidationFile,
} from '@holdfast/validation';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

const context = { ruleId: 'bench', runAt: new Date(0), sourceVersion: 'v1', tree: emptyTree };
const root = fileURLToPath(new URL('..', import.meta.url));
const linkPlugin = fileURLToPath(import.meta.resolve('remark-validate-links'));
const directory = mkdtempSync(join(tmpdir(), 'holdfast-validation-bench-'));
const secretlintConfig = join(directory, '.secretlintrc.json');
writeFileSync(secretlintConfig, JSON.stringify({ rules: [{ id: creator.meta.id }] }));
try {
  for (const [name, files] of [
    ['upstream', upstream()],
    ['generated', generated(Number(process.argv[2] ?? 20_000), 5)],
  ] as const) {
    if (files.length > 0) await benchSet(name, files);
  }
} finally {
  rmSync(directory, { recursive: true });
}

async function benchSet(name: string, files: readonly ValidationFile[]): Promise<void> {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const texts = files.map(({ content }) => new TextDecoder().decode(content));
  const folder = writeFiles(join(directory, name), files);
  console.log(`\n${name}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
  const all = [checksumCheck(), linkIntegrityCheck(), schemaCheck(), secretScanCheck()];
  const links = await median(5, () => run(files, [linkIntegrityCheck()]));
  const secrets = await median(5, () => run(files, [secretScanCheck()]));
  const rows = [
    row('link integrity', links, bytes, links),
    row(
      '  micromark alone, in process',
      await median(1, () => parseWithMicromark(texts)),
      bytes,
      links,
    ),
    command('  remark-validate-links', links, bytes, [
      'remark',
      folder,
      '--quiet',
      '--frail',
      '--use',
      `${linkPlugin}=repository:false`,
    ]),
    row('secret scan', secrets, bytes, secrets),
    row("  secretlint's preset, in process", await median(1, () => lintAll(texts)), bytes, secrets),
    command("  secretlint's command", secrets, bytes, [
      'secretlint',
      '--secretlintrc',
      secretlintConfig,
      `${folder}/**/*`,
    ]),
    row('schemas', await median(5, () => run(files, [schemaCheck()])), bytes),
    row('all checks', await median(5, () => run(files, all)), bytes),
  ];
  console.table(Object.fromEntries(rows.map(({ what, ...values }) => [what, values])));
}

function row(what: string, milliseconds: number, bytes: number, ours?: number) {
  return {
    what,
    ms: Math.round(milliseconds),
    'MB/s': Number((bytes / 1000 / milliseconds).toFixed(1)),
    'times ours': ours === undefined ? '' : (milliseconds / ours).toFixed(1),
  };
}

function command(what: string, ours: number, bytes: number, [program = '', ...args]: string[]) {
  const bin = fileURLToPath(new URL(`../../../node_modules/.bin/${program}`, import.meta.url));
  const start = performance.now();
  const { stderr, status } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: root,
  });
  if (status === null || status > 1) throw new Error(`${program}: ${stderr.slice(0, 500)}`);
  return row(what, performance.now() - start, bytes, ours);
}

async function run(files: readonly ValidationFile[], checks: Check[]): Promise<void> {
  await validate(files, checks, context);
}

function parseWithMicromark(texts: readonly string[]): Promise<void> {
  for (const text of texts)
    fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return Promise.resolve();
}

async function lintAll(texts: readonly string[]): Promise<void> {
  const config = { rules: [{ id: creator.meta.id, rule: creator }] };
  for (const content of texts) {
    const source = { filePath: 'a.md', content, ext: '.md', contentType: 'text' as const };
    await lintSource({ source, options: { noPhysicFilePath: true, config } });
  }
}

async function median(times: number, work: () => Promise<void>): Promise<number> {
  const measured: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const start = performance.now();
    await work();
    measured.push(performance.now() - start);
  }
  return measured.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** The real upstream's newest release, if its bundle lies beside the project. */
function upstream(): ValidationFile[] {
  const bundle = fileURLToPath(
    new URL('../../../../shared/data/agent33-core/agent33-core.bundle', import.meta.url),
  );
  if (!existsSync(bundle)) return [];
  const work = join(directory, 'clone');
  execFileSync('git', ['clone', '-q', '--branch', 'v2.5.0', bundle, work], { stdio: 'ignore' });
  rmSync(join(work, '.git'), { recursive: true });
  return readdirSync(work, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {
        path: path.slice(work.length + 1),
        content: readFileSync(path),
        mode: '100644' as const,
      };
    });
}

/** Documents of headings, prose, code and links to one another; one link in a hundred is broken. */
function generated(count: number, linksEach: number): ValidationFile[] {
  const pathOf = (index: number) => `docs/${index % 200}/page-${index}.md`;
  return Array.from({ length: count }, (_, index) => {
    const links = Array.from({ length: linksEach }, (_unused, link) => {
      const other = (index * 31 + link * 7919) % count;
      const target =
        (index + link) % 100 === 0 ? 'gone.md' : `../${pathOf(other).slice(5)}#section-${link}`;
      return `## Section ${link}\n\nSee [the other page](${target}) and \`code\` for **more** of it.\n\n- an item\n- another, ${'with some words '.repeat(8)}\n`;
    });
    const text = `# Page ${index}\n\n${links.join('\n')}\n\`\`\`yaml\nkey: value\nlist: [1, 2]\n\`\`\`\n`;
    return { path: pathOf(index), content: Buffer.from(text), mode: '100644' as const };
  });
}

function writeFiles(folder: string, files: readonly ValidationFile[]): string {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
