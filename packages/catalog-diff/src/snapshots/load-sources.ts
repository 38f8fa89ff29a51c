import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '@holdfast/findings';
import { CatalogError } from './catalog-error.js';
import { readSource, type RenderSource } from '../render/input-schemas.js';
import { readJsonFile } from './read-json-file.js';

export interface SourceFolders {
  /** The folder of the repository, whose `config/` has the tracked files. */
  readonly root?: string;
  /** The folder of the configuration: `catalog/`, `bundles/` and the local overlay. */
  readonly configHome?: string;
}

/** What a catalog is rendered from, and what was wrong with other files. */
export interface LoadedSources {
  readonly sources: readonly RenderSource[];
  /** `source.unreadable`, `source.invalid`; such a file counts for nothing. */
  readonly findings: readonly Finding[];
}

/**
 * Loads what a catalog is rendered from, in the order in which it counts, the last one wins: tracked overrides
 * (`config/tool_overrides.json`), tracked aggregations (`config/tool_aggregations*.json`), `catalog/*.json` and
 * `bundles/*\/catalog.json` of the configuration, and the local overlay (`tool_overrides.local.json`). Each is optional.
 */
export async function loadSources({ root, configHome }: SourceFolders): Promise<LoadedSources> {
  const paths = [
    ...(root === undefined ? [] : await trackedFiles(join(root, 'config'))),
    ...(configHome === undefined ? [] : await configuredFiles(configHome)),
  ];
  const sources: RenderSource[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    try {
      const file = await readJsonFile(path);
      if (file === undefined) continue;
      for (const message of file.warnings)
        findings.push({ ruleId: 'source.duplicate-key', severity: 'warning', path, message });
      const reading = readSource(path, file.value);
      if (reading.kind === 'read') sources.push(reading.source);
      else
        for (const message of reading.problems)
          findings.push({ ruleId: 'source.invalid', severity: 'error', path, message });
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      const message = error.message.slice(path.length + 2);
      findings.push({ ruleId: 'source.unreadable', severity: 'error', path, message });
    }
  }
  return { sources, findings };
}

async function trackedFiles(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return [
    ...names.filter((name) => name === 'tool_overrides.json'),
    ...names.filter((name) => /^tool_aggregations.*\.json$/.test(name)),
  ].map((name) => join(folder, name));
}

async function configuredFiles(home: string): Promise<string[]> {
  const catalog = (await namesIn(join(home, 'catalog')))
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(home, 'catalog', name));
  const bundles = (await namesIn(join(home, 'bundles'))).map((name) =>
    join(home, 'bundles', name, 'catalog.json'),
  );
  return [...catalog, ...bundles, join(home, 'tool_overrides.local.json')];
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort();
}
