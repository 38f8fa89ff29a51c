import { detectDrift } from '@holdfast/sync';
import type { DriftItem } from '@holdfast/sync';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { driftHere } from './here/drift.js';
import { findHere } from './here/find-here.js';
import { renderCatalogueDrift } from '../render/catalogues.js';
import { renderDrift } from '../render/drift.js';
import { selectionOf } from '../selection.js';
import type { TargetsInput } from '../selection.js';
import { showProgress } from '../show-progress.js';
import { chooseDrift, driftCatalogues, exitCodeOfCatalogue } from './drift-catalogues.js';

/** `holdfast drift`: compares targets with the manifests of their last syncs, and catalogues with their sources. */
export async function drift(context: CommandContext, input: TargetsInput): Promise<CommandResult> {
  const here = await findHere(context, input);
  if (here) return driftHere(here, input.rules);
  const subjects = await chooseDrift(context, input.rules);
  if (subjects.catalogues.length === 0) return driftTargets(context, input);
  const catalogues = await driftCatalogues(context, subjects.catalogues);
  const exitCodes = catalogues.map(exitCodeOfCatalogue);
  if (!subjects.withRules) {
    return {
      exitCode: worst(exitCodes),
      document: { items: [], catalogues },
      text: () => renderCatalogueDrift(catalogues),
    };
  }
  const targets = await driftTargets(context, { ...input, rules: subjects.rules });
  return {
    ...targets,
    exitCode: worst([targets.exitCode, ...exitCodes]),
    document: { ...targets.document, catalogues },
    text: () => `${targets.text()}${renderCatalogueDrift(catalogues)}`,
  };
}

async function driftTargets(context: CommandContext, input: TargetsInput): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const items = await showProgress(context, (onProgress) =>
      detectDrift(fleet, { ...selectionOf(input), onProgress }),
    );
    return {
      exitCode: worst(items.map(exitCodeOfDrift)),
      document: { items },
      text: () => renderDrift(items, fleet.configuration.namespace),
    };
  });
}

function exitCodeOfDrift(item: DriftItem): ExitCode {
  switch (item.kind) {
    case 'failed':
      return exitCodeOf(item.error);
    case 'drifted':
      return 1;
    case 'in-sync':
    case 'never-synced':
      return 0;
  }
}
