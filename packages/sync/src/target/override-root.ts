import type { Manifest } from '@holdfast/manifest';

/**
 * Where overrides of a manifest's files begin. A manifest does not say so where they lack nothing of the
 * delivered path, nor does one of an earlier release: there an override that took part in a sync shows it.
 */
export function overrideRootOf(
  { override_root: recorded, files }: Pick<Manifest, 'override_root' | 'files'>,
  overrides: ReadonlySet<string>,
  { namespace }: { readonly namespace: string },
): string {
  if (recorded !== undefined) return recorded;
  const folder = `.${namespace}-overrides/`;
  for (const [path, { override }] of files) {
    if (!override || overrides.has(folder + path)) continue;
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (overrides.has(folder + path.slice(slash + 1))) return path.slice(0, slash + 1);
    }
  }
  return '';
}
