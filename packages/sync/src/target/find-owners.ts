import { findOwners as ownersOf, ownersFileLimit, ownersPlaces } from '@holdfast/forge';
import type { TargetView } from './target-view.js';

/**
 * The owners of paths, as the target's CODEOWNERS names them by the rules of its forge. Names come
 * without their `@`; a team is `org/team`.
 */
export async function findOwners(
  { snapshot, contents, open }: TargetView,
  paths: readonly string[],
): Promise<string[]> {
  const { kind } = open.forge;
  const path = ownersPlaces(kind).find((place) => snapshot.entries.get(place)?.mode === '100644');
  const entry = path === undefined ? undefined : snapshot.entries.get(path);
  if (path === undefined || !entry || paths.length === 0) return [];
  const content = await contents.read(entry.oid);
  if (content.length > ownersFileLimit) return [];
  return ownersOf({ path, text: new TextDecoder().decode(content) }, paths, kind);
}
