import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { readSnippet } from './read-snippet.js';
import { root } from './run.js';

/**
 * Installs one published package alone, as its README says, and uses it as a stranger would.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.version
 * @param {string} options.readme text of its README
 * @param {string} options.project where its sources are
 * @param {string} options.place an empty folder
 * @param {string} options.node the Node.js of the floor
 * @param {Record<string, string>} options.env where npm finds the registry
 * @param {{ packages: number, kilobytes: number, bundle?: number }} options.budget
 * @returns {Promise<{ problems: string[], summary: string }>} what does not hold; and what was measured
 */
export async function checkInstalled({ name, version, readme, project, place, node, env, budget }) {
  const problems = [];
  const execute = (program, args) => capture(program, args, { cwd: place, env });
  const expectSuccess = async (what, program, args) => {
    const { code, output } = await execute(program, args);
    if (code !== 0) problems.push(`${what} failed with ${code}:\n${output.trim()}`);
    return output;
  };

  await writeFile(join(place, 'package.json'), '{ "private": true, "type": "module" }\n');
  await expectSuccess('install', 'npm', [
    'install',
    '--ignore-scripts=false',
    ...toInstall(readme, name, version),
  ]);
  if (problems.length > 0) return { problems, summary: '' };
  const size = await measure(join(place, 'node_modules'));

  const manifest = JSON.parse(
    await readFile(join(place, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => name + entry.slice(1));
  let bundle;
  if (entries.length > 0) {
    await expectSuccess('require()', node, [
      '-e',
      entries.map((entry) => `require(${JSON.stringify(entry)});`).join(''),
    ]);
    await checkTypes(entries);
    await checkSnippet();
    bundle = await bundleSize(place, name);
  }
  for (const [key, measured] of Object.entries({ ...size, bundle })) {
    if (measured !== undefined && !(measured <= budget[key]))
      problems.push(`${key}: ${measured}, and tools/workspace/budgets.json allows ${budget[key]}`);
  }
  const bundled = bundle === undefined ? '' : `, ${bundle} kB bundled`;
  return { problems, summary: `${size.packages} packages, ${size.kilobytes} kB${bundled}` };

  /** The first code of the README, run and type-checked as it stands. */
  async function checkSnippet() {
    const snippet = readSnippet(readme);
    if (snippet === undefined) return problems.push('its README has no code to run');
    await writeFile(join(place, 'snippet.ts'), snippet.code);
    await checkTypes([], ['snippet.ts'], ['node']);
    const preparation = join(project, 'test/prepare-readme.js');
    if (existsSync(preparation)) {
      const { prepareReadme } = await import(pathToFileURL(preparation).href);
      await prepareReadme(place);
    }
    const args = ['--disable-warning=ExperimentalWarning', 'snippet.ts'];
    const printed = await expectSuccess('the snippet of the README', node, args);
    if (problems.length === 0 && snippet.output !== undefined && printed !== snippet.output)
      problems.push(`the snippet prints\n${printed}\nand its README says\n${snippet.output}`);
  }

  /** Type-checks an import of each entry, or files, in both ways that users resolve modules. */
  async function checkTypes(
    imported,
    files = ['entries.ts'],
    types = pure(manifest) ? [] : ['node'],
  ) {
    const lines = imported.map(
      (entry, at) => `export * as entry${at} from ${JSON.stringify(entry)};\n`,
    );
    if (imported.length > 0) await writeFile(join(place, 'entries.ts'), lines.join(''));
    for (const [module, moduleResolution] of [
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2024', 'esnext.disposable'],
        types,
        typeRoots: [join(root, 'node_modules/@types')],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
      };
      await writeFile(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      await expectSuccess(
        `types of ${files[0]} (${module}, ${moduleResolution})`,
        join(root, 'node_modules/.bin/tsc'),
        ['-p', '.', '--pretty', 'false'],
      );
    }
  }
}

/** The packages that the README's install lines name; those of ours at this version. */
function toInstall(readme, name, version) {
  const named = [...readme.matchAll(/^ *npm install ((?:[@\w/.-]+ ?)+)/gm)].flatMap(([, list]) =>
    list.trim().split(' '),
  );
  const others = named.filter((other) => other !== name && !other.startsWith('-'));
  return [...new Set([`${name}@${version}`, ...others])];
}

/** Whether its types promise to need nothing of Node.js; those of zod name the global URL. */
function pure({ nx, dependencies = {} }) {
  return nx.tags.includes('io:none') && !('zod' in dependencies);
}

/** What an installation brings: packages, and kilobytes on disk. */
async function measure(folder) {
  let packages = 0;
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bytes += (await stat(path)).size;
    if (entry.name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath))
      packages += 1;
  }
  return { packages, kilobytes: Math.ceil(bytes / 1000) };
}

/** Kilobytes of the main entry with all that it needs, bundled and minified. */
async function bundleSize(place, name) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: place },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'optional-peers',
        setup: (setup) =>
          setup.onResolve({ filter: /^[^.]/ }, ({ path }) =>
            isBuiltin(path) ? { external: true } : undefined,
          ),
      },
    ],
  });
  return Math.ceil(outputFiles[0].contents.length / 1000);
}

async function capture(program, args, { cwd, env }) {
  await mkdir(cwd, { recursive: true });
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  const stdout = [];
  child.stdout.on('data', (chunk) => {
    chunks.push(chunk);
    stdout.push(chunk);
  });
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  return { code, output: Buffer.concat(code === 0 ? stdout : chunks).toString() };
}
