import { hashSha256 } from '@holdfast/text';
import type { IntendedTool } from '../artifacts/artifact-schemas.js';

/** Longest name that the protocol allows. */
const maxLength = 128;

/**
 * Gives tools of one name different ones: where a name is that of several tools, each is called `SERVER__NAME`, an aggregate
 * alone keeps it. The names hang on the configuration, not on which servers answer. In a server's name what is no letter,
 * digit, `_`, `.` or `-` is `_`; a name that would be too long, or is taken, ends in a part of its hash.
 */
export function namespaceCollisions(tools: readonly IntendedTool[]): IntendedTool[] {
  const byName = Map.groupBy(tools, ({ name }) => name);
  const taken = new Set(byName.keys());
  return tools.map((tool) => {
    const same = byName.get(tool.name)!;
    if (same.length === 1) return tool;
    const aggregates = same.filter(({ source }) => source === undefined);
    if (tool.source === undefined && aggregates.length === 1) return tool;
    const wanted = `${tool.server.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}__${tool.name}`;
    const suffix = `_${hashSha256(JSON.stringify([tool.server, tool.source ?? tool.name])).slice(0, 8)}`;
    const name =
      wanted.length <= maxLength && !taken.has(wanted)
        ? wanted
        : `${wanted.slice(0, maxLength - suffix.length)}${suffix}`;
    taken.add(name);
    return { ...tool, name };
  });
}
