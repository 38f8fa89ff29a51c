import { catalogueLayout } from '@holdfast/sync';
import type { CatalogueLayout } from '@holdfast/sync';
import { foldersOf } from '@holdfast/text';
import type { Check, CheckInput, CheckResult, Finding, ValidationFile } from '@holdfast/validation';
import { count } from '../count.js';
import type { LocalTree } from '../files/local-tree.js';
import type { LocalCatalogue } from './local-rules.js';

/**
 * Reads the links of a catalogue's documents as their source writes them, for there they go back to: one
 * is broken where it leads to something that is pulled, and that is not there. What else the source has
 * nobody here knows. Documents of a catalogue with transforms are read as they stand.
 */
export function withCatalogueLinks(
  check: Check,
  tree: LocalTree,
  catalogues: readonly LocalCatalogue[],
): Check {
  const plain = catalogues
    .filter(({ settings }) => settings.transforms.length === 0)
    .map(({ root, settings }) => ({ root, layout: catalogueLayout(settings.content) }));
  if (plain.length === 0) return check;
  return {
    ...check,
    async run(input) {
      const results: CheckResult[] = [];
      let others = input.files;
      for (const { root, layout } of plain) {
        const isOwn = ({ path }: ValidationFile) =>
          path.startsWith(root) && layout.sourceOf(path.slice(root.length)) !== undefined;
        const documents = others.filter(isOwn);
        if (documents.length === 0) continue;
        others = others.filter((file) => !isOwn(file));
        results.push(await checkAsInSource(check, input, documents, { tree, root, layout }));
      }
      return joinResults([await check.run({ ...input, files: others }), ...results]);
    },
  };
}

interface Place {
  readonly tree: LocalTree;
  readonly root: string;
  readonly layout: CatalogueLayout;
}

async function checkAsInSource(
  check: Check,
  input: CheckInput,
  documents: readonly ValidationFile[],
  { tree, root, layout }: Place,
): Promise<CheckResult> {
  const places = new Map<string, string>();
  for (const path of tree.entries.keys()) {
    const source = path.startsWith(root) ? layout.sourceOf(path.slice(root.length)) : undefined;
    if (source !== undefined) places.set(source, path);
  }
  const folders = foldersOf(places.keys());
  const sourceOf = (path: string) => layout.sourceOf(path.slice(root.length)) ?? path;
  const files = documents.map((file) => ({ ...file, path: sourceOf(file.path) }));
  const result = await check.run({
    ...input,
    files,
    tree: {
      file: () => undefined,
      kind: (path) =>
        places.has(path) ? 'file' : path === '' || folders.has(path) ? 'directory' : undefined,
      read: async (path) => {
        const place = places.get(path);
        return place === undefined ? undefined : input.tree.read(place);
      },
      otherCase: () => undefined,
    },
  });
  const findings = result.findings
    .filter((finding) => !leadsElsewhere(finding, layout))
    .map((finding) => ({ ...finding, path: places.get(finding.path) ?? finding.path }));
  return { ...result, findings, omitted: new Map() };
}

/** Whether a link leads to what is not pulled, so that it cannot be followed here. */
function leadsElsewhere({ ruleId, path, data }: Finding, { placeOf }: CatalogueLayout): boolean {
  const url = data?.['url'];
  if (ruleId !== 'link/missing-file' || typeof url !== 'string') return false;
  const target = URL.parse(url, `tree:///${path.split('/').map(encodeURIComponent).join('/')}`);
  if (!target) return false;
  return placeOf(decodeURIComponent(target.pathname).replace(/^\/|\/$/g, '')) === undefined;
}

/** The results of one check over several groups of files, as one. */
function joinResults(results: readonly CheckResult[]): CheckResult {
  const findings = results.flatMap((result) => result.findings);
  const omitted = new Map(results.flatMap((result) => [...(result.omitted ?? [])]));
  const links = results.reduce((sum, { details }) => sum + linksOf(details), 0);
  const broken = findings.filter(({ severity }) => severity === 'error').length;
  return {
    findings,
    omitted,
    details: `${count(broken, 'broken link')}, ${count(links, 'link')} checked`,
  };
}

function linksOf(details: string): number {
  return Number(/(\d+) links? checked/.exec(details)?.[1] ?? 0);
}
