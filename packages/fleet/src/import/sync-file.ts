/** A source of `sync.yml`. */
export interface SyncEntry {
  readonly source: string;
  readonly dest?: string;
  readonly exclude: readonly string[];
  readonly replace?: boolean;
  readonly template?: true | Readonly<Record<string, unknown>>;
  /** Keys that are not known. */
  readonly unknown: readonly string[];
}

/** Repositories that receive the same files. */
export interface SyncGroup {
  readonly repos: unknown;
  readonly files: readonly SyncEntry[];
  readonly unknown: readonly string[];
}

/** The groups of a `sync.yml`, a repository alone being one; a text says what is wrong. */
export function readEntries(value: unknown): SyncGroup[] | string {
  if (!isRecord(value)) return 'it must be a mapping';
  const groups: SyncGroup[] = [];
  for (const [name, content] of Object.entries(value)) {
    const listed = name === 'group' ? [content].flat() : [{ repos: name, files: content }];
    for (const group of listed) {
      if (!isRecord(group)) return `${name} must be a mapping, or a list of such`;
      const { repos, files, ...others } = group;
      const entries = readFiles(files);
      if (typeof entries === 'string') return `${name}: ${entries}`;
      if (listRepositories(repos).length === 0) return `${name}: repos names no repository`;
      groups.push({ repos, files: entries, unknown: Object.keys(others) });
    }
  }
  return groups.length > 0 ? groups : 'it names no repository';
}

/** `owner/name` or `owner/name@branch`, one a line or in a list. */
export function listRepositories(value: unknown): { name: string; branch?: string }[] {
  return linesOf(value).map((line) => {
    const [place = '', branch] = line.split('@');
    // A host before the name is GitHub Enterprise's.
    const name = place.split('/').slice(-2).join('/');
    return branch === undefined || branch === '' ? { name } : { name, branch };
  });
}

function readFiles(value: unknown): SyncEntry[] | string {
  if (!Array.isArray(value)) return 'files must be a list';
  const entries: SyncEntry[] = [];
  for (const item of value as unknown[]) {
    const entry: unknown = typeof item === 'string' ? { source: item } : item;
    if (!isRecord(entry) || typeof entry['source'] !== 'string') return 'a file must have a source';
    const { source, dest, exclude, replace, template, deleteOrphaned: _, ...others } = entry;
    entries.push({
      source: source as string,
      ...(typeof dest === 'string' ? { dest } : {}),
      exclude: linesOf(exclude),
      ...(typeof replace === 'boolean' ? { replace } : {}),
      ...(template === true || isRecord(template) ? { template } : {}),
      unknown: Object.keys(others),
    });
  }
  return entries;
}

function linesOf(value: unknown): string[] {
  const texts = [value].flat().filter((text) => typeof text === 'string');
  return texts.flatMap((text) => text.split(/\r?\n/)).flatMap((line) => line.trim() || []);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
