import { compareText } from '@holdfast/text';
import type { Project } from '../project.js';
import type { DeclaredModels } from './declared-models.js';

const REFERENCE = /\bref\(\s*(?:['"][\w.-]+['"]\s*,\s*)?['"]([\w.-]+)['"]/g;

/**
 * The model that is most likely what the product offers: one of the output ports; else the one that the last part of the
 * project's name names; else, of those that no other model reads, the one with the most declared columns. Undefined
 * where no model declares any.
 */
export function inferTable(project: Project, models: DeclaredModels): string | undefined {
  const byPath = [...project.models];
  const ports = byPath.filter(([path]) => /\/output_ports\//.test(path)).map(([, name]) => name);
  const last = lastSegment(project.name);
  if (ports.length > 0) return ports.includes(last) ? last : ports.sort(compareText)[0];
  if (byPath.some(([, name]) => name === last)) return last;
  const read = referenced(project);
  const own = new Set(byPath.map(([, name]) => name));
  const candidates = models
    .all()
    .filter(({ name, columns }) => own.has(name) && columns.length > 0 && !read.has(name))
    .sort((a, b) => b.columns.length - a.columns.length || compareText(a.name, b.name));
  return candidates[0]?.name;
}

/** `shop` of `jaffle_shop`. */
export function lastSegment(name: string): string {
  return name.split(/[_-]/).at(-1) ?? name;
}

function referenced({ files }: Project): Set<string> {
  const names = new Set<string>();
  for (const { path, text } of files.values()) {
    if (!path.endsWith('.sql')) continue;
    for (const match of text.matchAll(REFERENCE)) names.add(match[1]!);
  }
  return names;
}
