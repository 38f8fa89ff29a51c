import { GitError } from '../git-error.js';
import { readText } from './read-file.js';

/** Values of a repository's own configuration, by `section.variable` or `section.subsection.variable`. */
export interface GitConfig {
  /** The last value of a key, in its canonical spelling (`core.bare`); undefined where it has none. */
  get(key: string): string | undefined;
  /** Git's way to read a switch; undefined where it is not set. */
  getBoolean(key: string): boolean | undefined;
}

/**
 * Reads a configuration file by the syntax of `git help config`. Includes are not followed: what git
 * must know of a repository stands in the file itself. Nothing is run by reading.
 */
export function readGitConfig(file: string): GitConfig {
  const values = parseGitConfig(readText(file) ?? '', file);
  const get = (key: string): string | undefined => values.get(canonical(key))?.at(-1);
  return {
    get,
    getBoolean(key) {
      const value = get(key)?.toLowerCase();
      if (value === undefined) return undefined;
      if (['true', 'yes', 'on', '1'].includes(value)) return true;
      if (['false', 'no', 'off', '0', ''].includes(value)) return false;
      return undefined;
    },
  };
}

/** All values by key: section and variable in lower case, the subsection as it stands. */
export function parseGitConfig(text: string, file: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  let section = '';
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at]?.trim() ?? '';
    const header = /^\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (header !== null) {
      const [whole, name = '', subsection] = header;
      const inside = subsection?.replace(/\\(.)/g, '$1');
      section = name.toLowerCase() + (inside === undefined ? '' : `.${inside}`);
      line = line.slice(whole.length).trim();
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, variable, equals, rest = ''] = /^([a-z][a-z0-9-]*)\s*(?:(=)(.*))?$/is.exec(line) ?? [];
    if (variable === undefined) throw damaged(file, at + 1);
    let raw = rest;
    while (continues(raw) && at + 1 < lines.length) raw = `${raw.slice(0, -1)}${lines[++at]}`;
    const key = `${section}.${variable.toLowerCase()}`;
    const value = equals === undefined ? 'true' : readValue(raw);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}

/** A line goes on where it ends in an odd number of backslashes. */
function continues(raw: string): boolean {
  return (/\\*$/.exec(raw)?.[0].length ?? 0) % 2 === 1;
}

/** Quotes keep white space and comment signs; a backslash escapes what follows. */
function readValue(raw: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    const sign = raw[at] ?? '';
    if (sign === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (sign === '\\') {
      const next = raw[++at] ?? '';
      value += { n: '\n', t: '\t', b: '\b' }[next] ?? next;
      kept = value.length;
    } else if (!quoted && (sign === '#' || sign === ';')) break;
    else if (quoted || !/\s/.test(sign)) {
      value += sign;
      kept = value.length;
    } else if (value !== '') value += sign;
  }
  return value.slice(0, kept);
}

function canonical(key: string): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase();
}

function damaged(file: string, line: number): GitError {
  return new GitError('corrupt', `${file}:${line}: this is no git configuration`, {
    data: { path: file, line },
    hint: 'run "git config --list" in the repository, and mend the line',
  });
}
