import { escapeInline, unescapeBlock, unescapeInline, unquoteBlock } from '../markdown/escape.js';
import { endMarker, parseEntryMarker, parseRegionMarker } from '../markdown/marker.js';

/** A place in a rendering that cannot be read back. */
export interface RenderingProblem {
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

/** One entry as a helper wrote it, or as somebody edited it. */
export interface RenderedEntry {
  /** The number of the table or run of sections that it stands in, from 0. */
  readonly region: number;
  readonly key: string;
  readonly line: number;
  /** The text of each field, with escapes undone. */
  readonly fields: ReadonlyMap<string, string>;
}

export interface Rendering {
  readonly entries: readonly RenderedEntry[];
  /** All that no entry is part of, each line with its number. */
  readonly frame: readonly { readonly line: number; readonly text: string }[];
  readonly problems: readonly RenderingProblem[];
}

/**
 * Reads back what `renderTable` and `renderSections` wrote, edited or not: the entries with their
 * fields, and the rest as it stands. Line ends of any kind and a byte order mark are read over.
 */
export function parseRendering(text: string): Rendering {
  const reader = new RenderingReader(text.replace(/^\ufeff/, '').split(/\r\n|\n/));
  return reader.read();
}

class RenderingReader {
  readonly #lines: readonly string[];
  #at = 0;
  #region = -1;
  /** The lines of the entries of the region that is being read. */
  #known = new Map<string, number>();
  readonly #entries: RenderedEntry[] = [];
  readonly #frame: { line: number; text: string }[] = [];
  readonly #problems: RenderingProblem[] = [];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  read(): Rendering {
    while (this.#at < this.#lines.length) {
      const region = parseRegionMarker(this.#line());
      this.#keep();
      if (!region) continue;
      this.#region++;
      this.#known = new Map();
      if (region.name === 'table') this.#readTable(listOf(region.settings.get('columns')));
      else this.#readSections(region.settings);
      if (this.#at < this.#lines.length) this.#keep();
      else
        this.#report('what began here has no <!-- sync:end --> any more', this.#frame.at(-1)?.line);
    }
    return { entries: this.#entries, frame: this.#frame, problems: this.#problems };
  }

  #line(): string {
    return this.#lines[this.#at] as string;
  }

  /** Takes the line for a part of the frame; blank lines are none. */
  #keep(): void {
    const text = this.#line().trimEnd();
    if (text !== '') this.#frame.push({ line: this.#at + 1, text });
    this.#at++;
  }

  #report(message: string, line = this.#at + 1): void {
    this.#problems.push({ line, message });
  }

  #isInside(): boolean {
    return this.#at < this.#lines.length && this.#line().trimEnd() !== endMarker;
  }

  #readTable(columns: readonly string[]): void {
    for (; this.#isInside(); this.#at++) {
      const line = this.#line().trim();
      if (line === '') continue;
      const cells = splitCells(line);
      const marker = cells && parseEntryMarker(cells[0] as string);
      if (!marker) {
        if (cells && this.#known.size === 0)
          this.#frame.push({ line: this.#at + 1, text: cells.join('|') });
        else
          this.#report(
            'this row has no key: <!-- sync:entry KEY --> at the start of its first cell',
          );
        continue;
      }
      cells[0] = marker.rest.trim();
      if (cells.length !== columns.length) {
        this.#report(`the row has ${cells.length} cells, the table ${columns.length} columns`);
        continue;
      }
      const fields = columns.map((column, index) => {
        return [column, unescapeInline(cells[index] as string)] as const;
      });
      this.#add(marker.key, this.#at + 1, new Map(fields));
    }
  }

  #readSections(settings: ReadonlyMap<string, string>): void {
    while (this.#isInside()) {
      const marker = parseEntryMarker(this.#line());
      if (marker) this.#readSection(marker.key, settings);
      else {
        if (this.#line().trim() !== '') {
          this.#report(
            'this belongs to no entry: what is new needs <!-- sync:entry KEY --> before it',
          );
        }
        this.#at++;
      }
    }
  }

  #readSection(key: string, settings: ReadonlyMap<string, string>): void {
    const line = this.#at + 1;
    this.#at++;
    const isEnd = () => !this.#isInside() || parseEntryMarker(this.#line()) !== undefined;
    const skipBlank = () => {
      while (!isEnd() && this.#line().trim() === '') this.#at++;
    };
    const fields = new Map<string, string>();
    skipBlank();
    const head = '#'.repeat(Number(settings.get('level')));
    const heading = isEnd() ? undefined : /^(#+)(?:[ \t]+(.*))?$/.exec(this.#line().trimEnd());
    if (heading?.[1] !== head) {
      this.#report(`expected the heading of ${key}: ${head} and its text`);
      this.#skipSection(isEnd);
      return;
    }
    fields.set(settings.get('title') as string, unescapeInline(heading[2] ?? ''));
    this.#at++;
    for (const field of listOf(settings.get('fields'))) {
      skipBlank();
      const start = `- **${escapeInline(field)}:**`;
      if (isEnd() || !this.#line().startsWith(start)) {
        this.#report(`expected the line of ${field} of ${key}: ${start}`);
        this.#skipSection(isEnd);
        return;
      }
      fields.set(field, unescapeInline(this.#line().slice(start.length).trim()));
      this.#at++;
    }
    skipBlank();
    const body: string[] = [];
    for (; !isEnd(); this.#at++) body.push(this.#line());
    while (body.at(-1)?.trim() === '') body.pop();
    const name = settings.get('body');
    if (name !== undefined) {
      const text = body.join('\n');
      fields.set(
        name,
        settings.get('format') === 'markdown' ? unquoteBlock(text) : unescapeBlock(text),
      );
    } else if (body.length > 0) {
      this.#report(`${key} has no field for a text`, line);
      return;
    }
    this.#add(key, line, fields);
  }

  #skipSection(isEnd: () => boolean): void {
    while (!isEnd()) this.#at++;
  }

  #add(key: string, line: number, fields: ReadonlyMap<string, string>): void {
    const first = this.#known.get(key);
    if (first !== undefined) return this.#report(`${key} stands in line ${first} already`, line);
    this.#known.set(key, line);
    this.#entries.push({ region: this.#region, key, line, fields });
  }
}

function listOf(names: string | undefined): string[] {
  return names === undefined || names === '' ? [] : names.split(',');
}

/** The cells of a row, trimmed; `undefined` for a line that is no row. */
function splitCells(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  const cells: string[] = [];
  let start = 1;
  for (let at = 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '|') {
      cells.push(line.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (line.slice(start).trim() !== '') cells.push(line.slice(start).trim());
  return cells;
}
