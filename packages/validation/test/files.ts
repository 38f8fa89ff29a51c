import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyTree, type ValidationContext, type ValidationFile } from '../src/index.js';

/** A text file, or one of the given bytes. */
export function file(path: string, content: string | Uint8Array): ValidationFile {
  return {
    path,
    content: typeof content === 'string' ? Buffer.from(content) : content,
    mode: '100644',
  };
}

export function files(contents: Record<string, string | Uint8Array>): ValidationFile[] {
  return Object.entries(contents).map(([path, content]) => file(path, content));
}

/** A context in which the files are the whole tree. */
export const context: ValidationContext = {
  ruleId: 'sync-webapp',
  runAt: new Date('2026-01-30T12:00:00Z'),
  sourceVersion: 'v2.4.0',
  tree: emptyTree,
};

/** The folder of real data beside the project, if it is there. */
export const sharedData = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

export const hasSharedData = existsSync(sharedData);

/** All files below a folder, their paths relative to it. */
export function readFolder(root: string): ValidationFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return file(path.slice(root.length + 1), readFileSync(path));
    });
}

/** The files of a tag of the real upstream. */
export function readRelease(tag: string): ValidationFile[] {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-validation-'));
  try {
    const bundle = join(sharedData, 'agent33-core/agent33-core.bundle');
    const work = join(directory, 'work');
    execFileSync(
      'git',
      ['clone', '-q', '-c', 'core.autocrlf=false', '--branch', tag, bundle, work],
      { stdio: 'ignore' },
    );
    rmSync(join(work, '.git'), { recursive: true });
    return readFolder(work);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
