import { compileGlob, globBase } from '@holdfast/manifest';
import type { Catalogue } from '@holdfast/manifest';

/** Which path of the source lies where in a catalogue, both ways. */
export interface CatalogueLayout {
  /** The path in the source of a path below the root; undefined for what is the consumer's own. */
  sourceOf(path: string): string | undefined;
  /** The path below the root of a path in the source; undefined for what is not pulled. */
  placeOf(source: string): string | undefined;
}

/** Reads the layout of a catalogue from what its configuration takes of the source. */
export function catalogueLayout(content: Catalogue['content']): CatalogueLayout {
  const parts = Object.values(content).map((wanted): CatalogueLayout => {
    if ('files' in wanted) {
      const places = new Map(Object.entries(wanted.files));
      const sources = new Map([...places].map(([from, to]) => [to, from]));
      return { sourceOf: (path) => sources.get(path), placeOf: (source) => places.get(source) };
    }
    const base = globBase(wanted.from);
    const matches = compileGlob(wanted.from);
    return {
      sourceOf(path) {
        if (!path.startsWith(wanted.to)) return undefined;
        const source = `${base}${path.slice(wanted.to.length)}`;
        return matches(source) ? source : undefined;
      },
      placeOf: (source) =>
        source.startsWith(base) && matches(source)
          ? `${wanted.to}${source.slice(base.length)}`
          : undefined,
    };
  });
  return {
    sourceOf: (path) => first(parts, (part) => part.sourceOf(path)),
    placeOf: (source) => first(parts, (part) => part.placeOf(source)),
  };
}

function first(
  parts: readonly CatalogueLayout[],
  find: (part: CatalogueLayout) => string | undefined,
): string | undefined {
  for (const part of parts) {
    const found = find(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
