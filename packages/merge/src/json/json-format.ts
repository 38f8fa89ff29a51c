import type {
  Containers,
  Part,
  StructureEntry,
  StructureFormat,
  StructureNode,
} from '../structure/structure-node.js';
import { parseJson, type JsonDocument, type JsonEntry, type JsonNode } from './parse-json.js';

/** Reads JSON, and writes it in the manner of the document that it changes. */
export const jsonFormat: StructureFormat<JsonDocument> = {
  parse: parseJson,
  root: ({ root }) => root,
  entryText: plainEntry,
  valueText: plainValue,
  write: writeContainer,
  transplant: (value, place) => transplant(value as JsonNode, place as JsonNode),
  assemble: ({ text, start, end }, root) => text.slice(0, start) + root + text.slice(end),
};

/** The text of an entry whatever its indentation. */
function plainEntry(entry: StructureEntry): string {
  const { above, head, value, tail, after } = entry as JsonEntry;
  return `${above}\n${head}${plainValue(value)}${tail}${after}`;
}

function plainValue({ core }: StructureNode): string {
  return core.includes('\n') ? core.replace(/\n[ \t]+/g, '\n') : core;
}

function writeContainer(containers: Containers, parts: readonly Part[], below: string): string {
  const container = containers.ours as JsonNode;
  const [open, close] = container.kind === 'map' ? ['{', '}'] : ['[', ']'];
  if (parts.length === 0) {
    return open + (container.closing.trim() === '' ? '' : container.closing) + close;
  }
  const layout = layOut(container, parts);
  const trailingComma = hasTrailingComma(containers);
  let text = open!;
  parts.forEach((part, index) => {
    const hasComma = index < parts.length - 1 || trailingComma;
    text += writePart(part, layout, index === 0, hasComma ? ',' : '');
  });
  const closing =
    below === container.below
      ? layout.closing
      : insertedLead(below, layout.indent ?? '', container.indent);
  return text + closing + close;
}

/** A comma behind the last entry stands or goes as the side has it that changed it. */
function hasTrailingComma({ base, ours, theirs }: Containers): boolean {
  const [own, other] = [ours as JsonNode, theirs as JsonNode];
  const before = (base as JsonNode | undefined)?.trailingComma ?? other.trailingComma;
  const isTheirs = before === own.trailingComma && other.entries.length > 0;
  return isTheirs ? other.trailingComma : own.trailingComma;
}

/** How the entries of a container stand: each on a line of its own with `indent`, or all on one line. */
interface Layout {
  indent: string | undefined;
  unit: string;
  /** What stands before an entry on one line, the first and the others. */
  firstGap: string;
  gap: string;
  closing: string;
}

function layOut(container: JsonNode, parts: readonly Part[]): Layout {
  const { entries, closing, unit } = container;
  const origin = parts.find((part) => part.kind === 'inserted')?.container as JsonNode | undefined;
  const model = entries.length > 0 ? container : origin;
  const sample = model?.entries.find(({ lead }) => lead.includes('\n'));
  // A colon without a space behind it is the mark of a document that has no spaces.
  const gap = entries[1]?.lead ?? (entries[0]?.head.endsWith(':') ? '' : ' ');
  const line = { unit, firstGap: entries[0]?.lead ?? '', gap };
  if (sample === undefined) return { ...line, indent: undefined, closing };
  if (model === container) return { ...line, indent: lineIndent(sample.lead), closing };
  return { ...line, indent: container.indent + unit, closing: `\n${container.indent}` };
}

function writePart(part: Part, layout: Layout, isFirst: boolean, comma: string): string {
  const { lead, head, tail, value } = part.entry as JsonEntry;
  const gap = isFirst ? layout.firstGap : layout.gap;
  const remarks = part.kind === 'inserted' ? undefined : part.remarks;
  const after = ((remarks?.beside ?? part.entry) as JsonEntry).after;
  const isInLine = layout.indent === undefined;
  const ownLead =
    remarks?.above !== undefined
      ? insertedLead(withRemarks(lead, remarks.above), layout.indent ?? '')
      : isInLine && lead.trim() === ''
        ? gap
        : lead;
  switch (part.kind) {
    case 'kept':
      return ownLead + head + value.source + tail + comma + after;
    case 'changed':
      return ownLead + head + part.text + tail + comma + after;
    case 'replaced':
      return ownLead + head + transplant(part.by.value as JsonNode, value) + tail + comma + after;
    case 'inserted': {
      const { indent, unit } = layout;
      const newLead = indent === undefined ? gap : insertedLead(lead, indent);
      return newLead + head + transplant(value, { indent: indent ?? '', unit }) + comma + after;
    }
  }
}

/** A new line with the place's indentation; before it the blank line and the comments above the entry. */
function insertedLead(lead: string, indent: string, last = indent): string {
  const comments = lead.split('\n').filter((line) => line.trim() !== '');
  const blank = /\n[ \t]*\n/.test(lead) ? '\n' : '';
  return `${blank}\n${comments.map((line) => `${indent}${line.trim()}\n`).join('')}${last}`;
}

/** A lead with other comments; an empty line at its start stays. */
function withRemarks(lead: string, remarks: string): string {
  return /^\s*\n[ \t]*\n/.test(lead) ? `\n\n${remarks}` : `\n${remarks}`;
}

/** The text of `value` as it stands in a line of `place`, its inner lines indented as that document's are. */
function transplant(value: JsonNode, place: { indent: string; unit: string }): string {
  const [first, ...rest] = value.source.split('\n');
  const moved = rest.map((line) => {
    if (!line.startsWith(value.indent)) return line;
    const inner = line.slice(value.indent.length);
    const text = inner.trimStart();
    const depth = (inner.length - text.length) / value.unit.length;
    const indent = Number.isInteger(depth)
      ? place.unit.repeat(depth)
      : inner.slice(0, inner.length - text.length);
    return place.indent + indent + text;
  });
  return [first, ...moved].join('\n');
}

function lineIndent(lead: string): string {
  return lead.slice(lead.lastIndexOf('\n') + 1);
}
