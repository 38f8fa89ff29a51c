import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The oracle: what `git merge-file -p` makes of three texts. */
export interface GitMergeFile {
  /** @param flags such as `--diff3`, `--ours`, `--marker-size=9` */
  merge(
    sides: { base: Uint8Array; ours: Uint8Array; theirs: Uint8Array },
    flags: readonly string[],
  ): Promise<{ content: Buffer; conflicts: number }>;
  close(): Promise<void>;
}

/** Runs the real program in a directory of its own; labels are `ours`, `base`, `theirs`. */
export async function openGitMergeFile(): Promise<GitMergeFile> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-merge-'));
  let cases = 0;
  return {
    async merge({ base, ours, theirs }, flags) {
      const prefix = join(directory, String(cases++));
      const files = [`${prefix}.ours`, `${prefix}.base`, `${prefix}.theirs`] as const;
      await Promise.all([
        writeFile(files[0], ours),
        writeFile(files[1], base),
        writeFile(files[2], theirs),
      ]);
      const labels = ['-L', 'ours', '-L', 'base', '-L', 'theirs'];
      const result = await runGit(['merge-file', '-p', ...flags, ...labels, ...files], directory);
      await Promise.all(files.map((file) => rm(file)));
      return result;
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

function runGit(
  args: readonly string[],
  cwd: string,
): Promise<{ content: Buffer; conflicts: number }> {
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      args,
      { cwd, encoding: 'buffer', maxBuffer: 1 << 28 },
      (error, content, stderr) => {
        const conflicts = error === null ? 0 : error.code;
        if (typeof conflicts !== 'number' || conflicts > 127) {
          reject(new Error(`git merge-file failed: ${stderr.toString()}`, { cause: error }));
        } else resolve({ content, conflicts });
      },
    );
  });
}
