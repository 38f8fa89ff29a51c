import type { RenderSource } from '@holdfast/catalog-diff/render';

/** The tools behind aggregates whose schema is locked, as `server/tool` or, where no server is said, by name. */
export function lockedTools(sources: readonly RenderSource[]): ReadonlySet<string> {
  const locked = sources.flatMap(({ aggregations }) =>
    (aggregations?.aggregations ?? [])
      .filter(({ lockSchema }) => lockSchema === true)
      .flatMap(({ operations }) =>
        operations.map(({ downstreamServer, downstreamTool }) =>
          downstreamServer === undefined ? downstreamTool : `${downstreamServer}/${downstreamTool}`,
        ),
      ),
  );
  return new Set(locked);
}
