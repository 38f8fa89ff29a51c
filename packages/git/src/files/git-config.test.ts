import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GitError } from '../git-error.js';
import { parseGitConfig, readGitConfig } from './git-config.js';

const SAMPLE = String.raw`# a comment
[core]
	bare = true ; why not
	repositoryFormatVersion = 1
	editor = "a b" # quoted
	path = C:\\x\ty
	empty =
	switch
[remote "Origin \"x\""] url = https://example.com/x.git
	fetch = +refs/heads/*:refs/remotes/origin/*
	fetch = +refs/tags/*:\
refs/tags/*
[branch.old] Merge = inner  space   
`;

test('reads what git reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-git-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  writeFileSync(file, SAMPLE);
  const listing = execFileSync('git', ['config', '--file', file, '--list', '-z']).toString();
  const expected = new Map<string, string[]>();
  for (const record of listing.split('\0').filter(Boolean)) {
    const [key = '', ...rest] = record.split('\n');
    const value = record.includes('\n') ? rest.join('\n') : 'true';
    expected.set(key, [...(expected.get(key) ?? []), value]);
  }
  expect(parseGitConfig(SAMPLE, file)).toEqual(expected);
  const config = readGitConfig(file);
  expect(config.getBoolean('core.bare')).toBe(true);
  expect(config.getBoolean('core.empty')).toBe(false);
  expect(config.get('Core.RepositoryFormatVersion')).toBe('1');
  expect(config.get('remote.Origin "x".URL')).toBe('https://example.com/x.git');
  expect(config.get('core.none')).toBeUndefined();
});

test('names the line that is no configuration', () => {
  expect(() => parseGitConfig('[core]\n???\n', 'x/config')).toThrow(GitError);
  expect(() => parseGitConfig('[core]\n???\n', 'x/config')).toThrow(/x\/config:2/);
});
