import { StateStore } from '@holdfast/catalog-diff/snapshots';
import type { CommandContext } from '../command-result.js';
import { readSettings, type CatalogFolders, type CatalogSettings } from './catalog-settings.js';

/** The files of a catalog, and what is set. */
export interface OpenCatalog {
  readonly settings: CatalogSettings;
  readonly store: StateStore;
  /** The time, in ISO 8601. */
  readonly at: string;
}

export function openCatalog(context: CommandContext, folders: CatalogFolders): OpenCatalog {
  const settings = readSettings(context, folders);
  const { clock } = context.surroundings;
  const { stateHome: directory, retention } = settings;
  const store = new StateStore({ directory, now: clock, retention });
  return { settings, store, at: clock().toISOString() };
}
