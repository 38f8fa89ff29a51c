import { rm } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { compileGlob } from '@holdfast/manifest';
import { isScalar, isSeq } from 'yaml';
import type { Document } from 'yaml';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';
import { editConfiguration, readDocuments, replaceFile, writeDocuments } from './edit-files.js';
import { openRegistry } from './open-registry.js';
import type { Registry } from './open-registry.js';

/** What was changed in the registry. */
export interface RemovedFromRegistry {
  /** Targets that are in the configuration no more. */
  readonly targets: readonly string[];
  /** Rules that are archived, each with the file that it is in now, relative to the configuration. */
  readonly rules: readonly { readonly id: string; readonly file: string }[];
  /** Rules that go to one target less. */
  readonly changed: readonly string[];
}

/**
 * Takes a target or a rule from the registry, as the specification has it: a rule is set to `manual` and
 * moved to `archived/` beside it; a target leaves the configuration, with the rules that go to nobody else.
 * What was delivered stays where it is. Only files of the work tree are written.
 *
 * @throws FleetError `bad-argument` for what is neither
 */
export async function removeFromRegistry(
  surroundings: FleetSurroundings,
  name: string,
  config?: string,
): Promise<RemovedFromRegistry> {
  const registry = await openRegistry(surroundings, config);
  const { configuration, rules } = registry;
  const ids = [...new Set(rules.map(({ rule }) => rule.id))];
  if (ids.includes(name)) return archiveAll(registry, [name], []);
  const target = configuration.targets[name];
  if (!target) {
    throw new FleetError(
      'bad-argument',
      `${JSON.stringify(name)} is neither a target nor a rule of the configuration`,
      {
        hint: `the targets are: ${Object.keys(configuration.targets).join(', ') || 'none'}; the rules: ${ids.join(', ') || 'none'}`,
      },
    );
  }
  const [document] = await readDocuments(registry.path);
  if (!document?.hasIn(['targets', name])) throw foundOnForge(name);
  const reaching = Map.groupBy(rules, ({ rule }) => rule.id);
  const own = [...reaching].filter(([, all]) => all.some(({ rule }) => rule.target_repo === name));
  const alone = own.filter(([, all]) => all.length === 1).map(([id]) => id);
  const shared = own.filter(([, all]) => all.length > 1);
  const changed: string[] = [];
  for (const [id, [located]] of shared) {
    if (located && (await dropTarget(join(registry.folder, located.file), id, name))) {
      changed.push(id);
    }
  }
  const removed = await archiveAll(registry, alone, [name]);
  return { ...removed, changed };
}

async function archiveAll(
  { path, folder, configuration, rules }: Registry,
  ids: readonly string[],
  targets: readonly string[],
): Promise<RemovedFromRegistry> {
  const archived: { id: string; file: string }[] = [];
  for (const id of ids) {
    const located = rules.find(({ rule }) => rule.id === id);
    if (located) archived.push({ id, file: await archive(folder, located.file, id) });
  }
  const isRead = compileGlob(configuration.rules);
  const still = [...new Set(archived.map(({ file }) => posix.dirname(file)))].filter((place) =>
    archived.some(({ file }) => file.startsWith(`${place}/`) && isRead(file)),
  );
  await editConfiguration(path, (document) => {
    for (const name of targets) document.deleteIn(['targets', name]);
    // What is archived is read no more, however wide the patterns of the rules are.
    for (const place of still) {
      if (!document.has('rules'))
        document.set('rules', document.createNode([...configuration.rules]));
      document.addIn(['rules'], `!${place}/**`);
    }
  });
  return { targets, rules: archived, changed: [] };
}

function foundOnForge(name: string): FleetError {
  return new FleetError('bad-argument', `${name} is found by targets_from, and not written here`, {
    hint: 'leave it out there with exclude',
  });
}

/** Moves a rule to `archived/` as one that runs by hand; others of its file stay. */
async function archive(folder: string, file: string, id: string): Promise<string> {
  const path = join(folder, file);
  const documents = await readDocuments(path);
  const own = documents.filter((document) => idOf(document) === id);
  const others = documents.filter((document) => !own.includes(document));
  for (const document of own) document.setIn(['sync_rule', 'frequency'], 'manual');
  const name = others.length === 0 ? basename(file) : `${id}.yaml`;
  const place = posix.join(posix.dirname(file), 'archived', name);
  await replaceFile(join(dirname(path), 'archived', name), writeDocuments(own));
  if (others.length === 0) await rm(path);
  else await replaceFile(path, writeDocuments(others));
  return place;
}

/** Takes a target that is named from the list of a rule; false where patterns and labels choose. */
async function dropTarget(path: string, id: string, name: string): Promise<boolean> {
  const documents = await readDocuments(path);
  let dropped = false;
  for (const document of documents) {
    if (idOf(document) !== id) continue;
    for (const place of [
      ['sync_rule', 'targets'],
      ['sync_rule', 'targets', 'match'],
      ['sync_rule', 'targets', 'except'],
    ]) {
      const list = document.getIn(place);
      if (!isSeq(list)) continue;
      const index = list.items.findIndex((item) => isScalar(item) && item.value === name);
      if (index < 0) continue;
      list.delete(index);
      dropped = true;
    }
  }
  if (dropped) await replaceFile(path, writeDocuments(documents));
  return dropped;
}

function idOf(document: Document): unknown {
  return document.getIn(['sync_rule', 'id']);
}
