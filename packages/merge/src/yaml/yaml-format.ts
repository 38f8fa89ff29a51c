import { UnreadableError, type Part, type StructureFormat } from '../structure/structure-node.js';
import {
  entryText,
  parseYaml,
  type YamlDocument,
  type YamlEntry,
  type YamlNode,
} from './parse-yaml.js';

/** Reads YAML, and writes it in the manner of the document that it changes. */
export const yamlFormat: StructureFormat<YamlDocument> = {
  parse: parseYaml,
  roots: ({ roots }) => roots.map(({ node }) => node),
  write: (container, parts) => {
    const node = container as YamlNode;
    return node.style === 'flow' ? writeFlow(node, parts) : writeBlock(node, parts);
  },
  transplant: (value) => (value as YamlNode).source,
  assemble,
};

function assemble({ text, roots }: YamlDocument, texts: readonly string[]): string {
  let result = '';
  let done = 0;
  roots.forEach(({ start, end }, at) => {
    result += text.slice(done, start) + texts[at]!;
    done = end;
  });
  return result + text.slice(done);
}

function writeBlock(container: YamlNode, parts: readonly Part[]): string {
  const { indent, source, closing } = container;
  if (parts.length === 0) {
    return `${container.kind === 'map' ? '{}' : '[]'}\n${closing}`;
  }
  const endsLine = closing !== '' || source.endsWith('\n');
  const texts = parts.map((part, at) => {
    const text = writeEntry(part, container);
    return at < parts.length - 1 || endsLine ? endLine(text) : text;
  });
  // The first entry stands where its container does, behind an indentation or a dash.
  return stripIndent(texts[0]!, indent) + texts.slice(1).join('') + closing;
}

/** The text of an entry from the start of its line. */
function writeEntry(part: Part, container: YamlNode): string {
  const entry = part.entry as YamlEntry;
  const { lead, keyText, separator } = entry;
  const place = entry === container.entries[0] ? ' '.repeat(container.indent) : '';
  switch (part.kind) {
    case 'kept':
      return place + entryText(entry);
    case 'changed':
      return place + lead + keyText + separator + part.text;
    case 'replaced':
      return place + lead + keyText + replacedValue(entry, part.by as YamlEntry);
    case 'inserted':
      return insertedEntry(entry, part.container as YamlNode, container);
  }
}

function insertedEntry(entry: YamlEntry, origin: YamlNode, container: YamlNode): string {
  const { indent } = container;
  if (origin.style === 'flow') {
    const dash = container.kind === 'sequence' ? '- ' : '';
    return `${' '.repeat(indent)}${dash}${entry.keyText}${entry.separator}${entry.value.core.trimEnd()}\n`;
  }
  const isFirst = entry === origin.entries[0];
  const text = isFirst ? ' '.repeat(origin.indent) + entryText(entry) : entryText(entry);
  return reindent(text, origin.indent, indent);
}

/** The separator and value of `by` in the place of those of `entry`, whose comment stays where it can. */
function replacedValue(entry: YamlEntry, by: YamlEntry): string {
  if (entry.keyText === '' && entry.value.mark !== by.value.mark) {
    throw new UnreadableError('an item changed its anchor or tag');
  }
  if (isInline(entry) && isInline(by)) {
    const separator = entry.value.mark === by.value.mark ? entry.separator : by.separator;
    return separator + by.value.core + entry.value.trail;
  }
  const [first = '', ...rest] = (by.separator + by.value.source).split('\n');
  const text = [first, ...rest.map((line) => reindentLine(line, by.indent, entry.indent))].join(
    '\n',
  );
  return entryText(entry).endsWith('\n') ? endLine(text) : text;
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

function reindent(text: string, from: number, to: number): string {
  return text
    .split('\n')
    .map((line) => reindentLine(line, from, to))
    .join('\n');
}

function reindentLine(line: string, from: number, to: number): string {
  return line.startsWith(' '.repeat(from)) && line.trim() !== ''
    ? ' '.repeat(to) + line.slice(from)
    : line;
}

function stripIndent(text: string, indent: number): string {
  const lines = text.replace(/^(?:[ \t]*\n)+/, '');
  return lines.startsWith(' '.repeat(indent)) ? lines.slice(indent) : lines;
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
