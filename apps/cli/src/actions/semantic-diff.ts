import { compareMeaning, readCatalogueVersion } from '@holdfast/sync';
import type { CatalogueVersion } from '@holdfast/sync';
import { documentMeaning } from '../catalogue-meaning.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { theCatalogue, withCatalogue } from '../open-catalogue.js';
import { renderMeaning } from '../render/catalogues.js';

export interface SemanticDiffInput {
  readonly from?: string;
  readonly to?: string;
  readonly catalogue?: string;
}

/** `holdfast semantic-diff`: what changed in meaning between two states of a catalogue. */
export async function semanticDiff(
  context: CommandContext,
  { from = 'pulled', to = 'here', catalogue: wanted }: SemanticDiffInput,
): Promise<CommandResult> {
  const name = await theCatalogue(context, wanted);
  return withCatalogue(context, name, async (catalogue) => {
    const before = await readCatalogueVersion(catalogue, versionOf(from));
    const after = await readCatalogueVersion(catalogue, versionOf(to));
    const meaning = await compareMeaning(before.files, after.files);
    return {
      exitCode: meaning.verdict === 'breaking' ? 1 : 0,
      document: { name, from, to, ...documentMeaning(meaning) },
      text: () => renderMeaning(meaning, { from, to }),
    };
  });
}

function versionOf(text: string): CatalogueVersion {
  if (text === 'here' || text === 'pulled' || text === 'remote') return { kind: text };
  return { kind: 'revision', revision: text };
}
