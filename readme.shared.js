import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { readSnippet } from './tools/workspace/read-snippet.js';

/**
 * Runs the first code of a package's README on the package's sources, in a folder that `test/prepare-readme.js`
 * of the package fills where there is one.
 *
 * @param {URL} project the folder of the package
 * @returns {Promise<{ printed: string, promised: string | undefined }>}
 */
export async function runReadme(project) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
  try {
    const snippet = readSnippet(readFileSync(new URL('README.md', project), 'utf8'));
    if (snippet === undefined) throw new Error('the README has no code to run');
    const preparation = fileURLToPath(new URL('test/prepare-readme.js', project));
    if (existsSync(preparation)) {
      const { prepareReadme } = await import(pathToFileURL(preparation).href);
      await prepareReadme(folder);
    }
    const { outputFiles } = await build({
      stdin: { contents: snippet.code, resolveDir: fileURLToPath(project), loader: 'ts' },
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@holdfast/source'],
      // CommonJS dependencies call `require` for Node's own modules.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'silent',
    });
    const program = join(folder, 'snippet.mjs');
    writeFileSync(program, outputFiles[0].contents);
    const printed = execFileSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' });
    return { printed, promised: snippet.output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
