import { readYaml } from '@holdfast/text';
import { FleetError } from '../fleet-error.js';
import { listRepositories, readEntries, type SyncEntry, type SyncGroup } from './sync-file.js';

/** The files that carry a configuration of repo-file-sync-action over, and what they cannot carry. */
export interface ImportedSync {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** For people, each about one thing. */
  readonly notes: readonly string[];
}

/** What the importer is told besides. */
export interface ImportOptions {
  /** The file, for messages. */
  readonly file: string;
  readonly namespace: string;
  /** The host of the repositories. Default github.com. */
  readonly host?: string;
  /** The branch that rules of `on_change` follow. */
  readonly branch: string;
}

/**
 * Carries the configuration of `repo-file-sync-action` (`sync.yml`) over: repositories become
 * targets, each source a rule, and the rules of one group share a request, as they did there.
 *
 * @throws FleetError `invalid-configuration` when the text is no such file
 */
export function importSyncFile(text: string, options: ImportOptions): ImportedSync {
  const { values, problems } = readYaml(text, { mergeKeys: true });
  const [value] = values;
  const [problem] = problems;
  if (problem || !value) throw unreadable(options.file, problem?.message ?? 'it is empty');
  const groups = readEntries(value.value);
  if (typeof groups === 'string') throw unreadable(options.file, groups);
  const notes = new Set<string>();
  const targets = new Map<string, string | undefined>();
  const rules: string[] = [];
  for (const [index, group] of groups.entries()) {
    const repositories = listRepositories(group.repos);
    for (const { name, branch } of repositories) noteTarget(targets, name, branch, notes);
    for (const key of group.unknown)
      notes.add(`group ${index + 1}: ${key} has no counterpart here`);
    const names = repositories.map(({ name }) => name);
    for (const [place, entry] of group.files.entries()) {
      rules.push(
        ruleText(`files-${index + 1}-${place + 1}`, { group, index, names, entry }, notes),
      );
    }
  }
  notes.add('what the source removes is removed in the targets too, unless it was changed there');
  notes.add('rules run at each change of the source branch: frequency on_change');
  const files = [
    { path: 'rules/imported.yaml', text: rules.join('---\n') },
    { path: 'holdfast.yaml', text: configurationText(targets, options) },
  ];
  return { files, notes: [...notes] };
}

function noteTarget(
  targets: Map<string, string | undefined>,
  name: string,
  branch: string | undefined,
  notes: Set<string>,
): void {
  if (targets.has(name) && targets.get(name) !== branch) {
    notes.add(
      `${name} is named with several branches; the first is taken: set target_branch in a rule`,
    );
  } else targets.set(name, branch);
}

interface RuleParts {
  readonly group: SyncGroup;
  readonly index: number;
  readonly names: readonly string[];
  readonly entry: SyncEntry;
}

function ruleText(
  id: string,
  { index, names, entry, group }: RuleParts,
  notes: Set<string>,
): string {
  const { source, dest = source, exclude, replace, template, unknown } = entry;
  const isFolder = source.endsWith('/') || !/\.[^/]+$/.test(source);
  if (isFolder && !source.endsWith('/'))
    notes.add(`${source} is taken for a folder: if it is a file, correct its rule`);
  if (replace === false) {
    notes.add(
      `${source}: replace: false has no counterpart; what is there is adopted and merged, never overwritten in silence`,
    );
  }
  if (template !== undefined) {
    notes.add(`${source}: templates are Liquid here, Nunjucks there: loops and filters may differ`);
  }
  for (const key of unknown) notes.add(`${source}: ${key} has no counterpart here`);
  const folder = source.endsWith('/') ? source : `${source}/`;
  const lines = [
    `id: ${id}`,
    `source: ${quote(isFolder ? `${escapeGlob(folder === './' ? '' : folder)}**` : escapeGlob(source))}`,
    `targets: [${names.map(quote).join(', ')}]`,
    `target_path: ${quote(isFolder ? withSlash(dest) : folderOf(dest))}`,
    ...(group.files.length > 1 ? [`group: imported-${index + 1}`] : []),
    `strategy: ${template === undefined ? 'copy' : 'template'}`,
    'frequency: on_change',
    ...(isFolder && exclude.length > 0
      ? [
          `filters: { exclude: [${exclude.map((path) => quote(excluded(folder, path))).join(', ')}] }`,
        ]
      : []),
    ...(typeof template === 'object' ? [`variables: ${JSON.stringify(template)}`] : []),
    ...(!isFolder && nameOf(dest) !== nameOf(source)
      ? [`transforms: [{ rename: { from: ${quote(nameOf(source))}, to: ${quote(nameOf(dest))} } }]`]
      : []),
  ];
  return `sync_rule:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function configurationText(
  targets: ReadonlyMap<string, string | undefined>,
  { namespace, host = 'github.com', branch }: ImportOptions,
): string {
  const lines = [...targets].map(([name, own]) => {
    const more = own === undefined ? '' : `, branch: ${quote(own)}`;
    return `  ${quote(name)}: { url: ${quote(`https://${host}/${name}.git`)}${more} }\n`;
  });
  return `version: 1\nnamespace: ${quote(namespace)}\nsource: { repo: ., branch: ${quote(branch)} }\nrules: ["rules/*.yaml"]\ntargets:\n${lines.join('')}`;
}

function excluded(folder: string, path: string): string {
  const bare = path.replace(/^\.\//, '');
  const below = bare.startsWith(folder) ? bare.slice(folder.length) : bare;
  return escapeGlob(folder) + (below.endsWith('/') ? `${escapeGlob(below)}**` : escapeGlob(below));
}

function escapeGlob(text: string): string {
  return text.replace(/^\.\//, '').replace(/[\\*?[\]{}()!]/g, '\\$&');
}

function withSlash(folder: string): string {
  const bare = folder.replace(/^\.?\/+/, '');
  return bare === '' || bare.endsWith('/') ? bare : `${bare}/`;
}

function folderOf(path: string): string {
  return withSlash(path.slice(0, path.lastIndexOf('/') + 1));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** JSON is YAML: nothing in a text can be mistaken. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function unreadable(file: string, why: string): FleetError {
  return new FleetError('invalid-configuration', `${file}: ${why}`, {
    hint: 'expected the sync.yml of repo-file-sync-action: repositories with files, or group with repos and files',
  });
}
