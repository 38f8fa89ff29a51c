import {
  UnreadableError,
  type Part,
  type Remarks,
  type StructureFormat,
} from '../structure/structure-node.js';
import { markerEnd, parseYaml, type YamlDocument } from './parse-yaml.js';
import { indentRemarks, reindent, type YamlEntry, type YamlNode } from './yaml-node.js';

/** Reads YAML, and writes it in the manner of the document that it changes. */
export const yamlFormat: StructureFormat<YamlDocument> = {
  parse: parseYaml,
  root: ({ root }) => root,
  entryText: (entry) => plainEntry(entry as YamlEntry),
  valueText: (node) => reindent(node.core, (node as YamlNode).indent, 0),
  write: ({ ours }, parts, below) => {
    const node = ours as YamlNode;
    switch (node.style) {
      case 'stream':
        return writeStream(node, parts);
      case 'flow':
        return writeFlow(node, parts);
      default:
        return writeBlock(node, parts, below);
    }
  },
  transplant: (value) => (value as YamlNode).source,
  assemble: (_, root) => root,
};

/** The text of an entry as it would stand in the first column. */
function plainEntry({ lead, head, keyText, separator, value, indent }: YamlEntry): string {
  const above = lead
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
  const own = reindent(head.trimStart() + keyText + separator + value.source, indent, 0);
  return above + own.replace(/\n$/, '');
}

function writeStream(container: YamlNode, parts: readonly Part[]): string {
  const endsLine = container.source.endsWith('\n');
  let text = '';
  parts.forEach((part, at) => {
    const entry = part.entry as YamlEntry;
    const lead = part.kind === 'inserted' ? entry.lead : documentLead(entry, part.remarks);
    const marker = at === 0 || /^---/m.test(lead) ? '' : '---\n';
    const written = marker + lead + valueSource(part);
    text += at < parts.length - 1 || endsLine ? endLine(written) : written;
  });
  return text;
}

function valueSource(part: Part): string {
  if (part.kind === 'changed') return part.text;
  return ((part.kind === 'replaced' ? part.by : part.entry) as YamlEntry).value.source;
}

function documentLead({ lead }: YamlEntry, remarks: Remarks | undefined): string {
  if (remarks?.above === undefined) return lead;
  const marker = lead.slice(0, markerEnd(lead));
  return marker + (remarks.above === '' ? '' : `${remarks.above}\n`);
}

function writeBlock(container: YamlNode, parts: readonly Part[], below: string): string {
  const { indent, source, isCompact } = container;
  const closing = writeClosing(container, below);
  if (parts.length === 0) {
    const [pad, brackets] = container.kind === 'map' ? ['', '{}'] : ['  ', '[]'];
    return `${isCompact ? '' : ' '.repeat(indent) + pad}${brackets}\n${closing}`;
  }
  const endsLine = closing !== '' || source.endsWith('\n');
  const before = new Map(container.entries.map((entry, at, all) => [entry, all[at - 1]]));
  let text = '';
  parts.forEach((part, at) => {
    const isInPlace = before.get(part.entry as YamlEntry) === parts[at - 1]?.entry;
    const written = writeEntry(part, container, isCompact && at === 0, isInPlace);
    text += at < parts.length - 1 || endsLine ? endLine(written) : written;
  });
  return text + closing;
}

function writeClosing({ closing, below, indent }: YamlNode, merged: string): string {
  if (merged === below) return closing;
  return merged === '' ? '' : `${indentRemarks(merged, indent)}\n`;
}

/**
 * @param isInLine whether the entry stands behind something else on its line
 * @param isInPlace whether it stands behind the entry that it stood behind
 */
function writeEntry(
  part: Part,
  container: YamlNode,
  isInLine: boolean,
  isInPlace: boolean,
): string {
  const written =
    part.kind === 'inserted' ? insertEntry(part, container) : ownEntry(part, container, isInPlace);
  const lead = isInLine ? '' : written.lead;
  if (isInLine && written.lead.includes('#')) {
    throw new UnreadableError('a comment cannot stand behind a dash');
  }
  const dash = written.head.trimStart();
  return lead + (isInLine ? '' : ' '.repeat(container.indent)) + dash + written.text;
}

interface WrittenEntry {
  lead: string;
  head: string;
  text: string;
}

function ownEntry(
  part: Exclude<Part, { kind: 'inserted' }>,
  container: YamlNode,
  isInPlace: boolean,
): WrittenEntry {
  const entry = part.entry as YamlEntry;
  const { head, keyText } = entry;
  // Behind another entry a comment that stands deeper might become a part of it.
  const above = part.remarks?.above ?? (isInPlace ? undefined : entry.above);
  const lead = above === undefined ? entry.lead : remarkLead(entry.lead, above, container.indent);
  const beside = part.remarks?.beside as YamlEntry | undefined;
  switch (part.kind) {
    case 'kept':
      return { lead, head, text: keyText + writeValue(entry, entry.value.core, beside) };
    case 'changed':
      return { lead, head, text: keyText + changedValue(entry, part.text, beside) };
    case 'replaced': {
      const by = part.by as YamlEntry;
      if (isInline(entry) && isInline(by)) {
        const separator = entry.value.mark === by.value.mark ? entry.separator : by.separator;
        return {
          lead,
          head,
          text: keyText + writeValue({ ...entry, separator }, by.value.core, beside),
        };
      }
      return { lead, head: by.head, text: keyText + movedValue(by, entry.indent) };
    }
  }
}

/** Comments in the place of those above an entry; an empty line there stays. */
function remarkLead(lead: string, above: string, indent: number): string {
  const gap = /^[ \t]*\n/.test(lead) ? '\n' : '';
  if (above === '') return gap;
  const text = `${indentRemarks(above, indent)}\n`;
  return above.startsWith('\n') || gap === '' ? text : gap + text;
}

function writeValue(entry: YamlEntry, core: string, beside: YamlEntry | undefined): string {
  const { separator, value } = entry;
  if (beside === undefined) return separator + core + value.trail;
  if (isBeside(entry)) return withComment(separator, beside.beside) + core + value.trail;
  return separator + core + withComment(value.trail, beside.beside, commentGap(beside));
}

function changedValue(entry: YamlEntry, text: string, beside: YamlEntry | undefined): string {
  const { separator, value } = entry;
  if (beside === undefined) return separator + text;
  if (isBeside(entry)) return withComment(separator, beside.beside) + text;
  const core = text.slice(0, text.length - value.trail.length);
  return separator + core + withComment(value.trail, beside.beside, commentGap(beside));
}

/** Whether the comment of an entry stands behind its key, not behind its value. */
function isBeside({ value }: YamlEntry): boolean {
  return value.style === 'block' || value.source === '';
}

/** What stands behind a token on its line, with another comment. */
function withComment(text: string, comment: string, gap = ' '): string {
  const end = text.indexOf('\n') < 0 ? text.length : text.indexOf('\n');
  const bare = text.slice(0, end).replace(/[ \t]*(?:#.*)?$/, '');
  return bare + (comment === '' ? '' : gap + comment) + text.slice(end);
}

function commentGap({ value }: YamlEntry): string {
  return /^[ \t]+(?=#)/.exec(value.trail)?.[0] ?? ' ';
}

function insertEntry(
  { entry: inserted, container: from }: Extract<Part, { kind: 'inserted' }>,
  container: YamlNode,
): WrittenEntry {
  const entry = inserted as YamlEntry;
  const origin = from as YamlNode;
  if (origin.style === 'flow') {
    const head = container.kind === 'sequence' ? '- ' : '';
    return {
      lead: '',
      head,
      text: `${entry.keyText}${entry.separator}${entry.value.core.trimEnd()}\n`,
    };
  }
  return {
    lead: remarkLead(entry.lead, entry.above, container.indent),
    head: entry.head,
    text: entry.keyText + movedValue(entry, container.indent),
  };
}

/** The separator and value of an entry as they stand in a block of another column. */
function movedValue({ separator, value, indent }: YamlEntry, to: number): string {
  return reindent(separator + value.source, indent, to);
}

function isInline({ separator, value }: YamlEntry): boolean {
  return value.style !== 'block' && !separator.includes('\n') && !value.core.includes('\n');
}

/** Brackets on one line are written anew; over several lines they may hold comments. */
function writeFlow(container: YamlNode, parts: readonly Part[]): string {
  const { core, trail } = container;
  if (core.includes('\n'))
    throw new UnreadableError('brackets over several lines changed on both sides');
  const open = core[0]!;
  const close = core.at(-1)!;
  const padding = /^.([ \t]*)\S.*?([ \t]*).$/.exec(core)?.[1] ?? '';
  if (parts.length === 0) return open + close + trail;
  const texts = parts.map((part) => writeFlowEntry(part));
  return open + padding + texts.join(', ') + padding + close + trail;
}

function writeFlowEntry(part: Part): string {
  const entry = part.entry as YamlEntry;
  const source = part.kind === 'replaced' ? (part.by as YamlEntry) : entry;
  if (!isInline(source)) throw new UnreadableError('a block cannot stand in brackets');
  const text = part.kind === 'changed' ? part.text : source.value.core;
  return (entry.keyText + source.separator + text).trim();
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
