import { Context, Liquid, LiquidError, toValueSync } from 'liquidjs';
import { dataOf } from '../markdown/field.js';
import { escapeBlock, escapeInline, quoteBlock } from '../markdown/escape.js';
import { renderFrontMatter } from '../markdown/render-front-matter.js';
import { renderSections } from '../markdown/render-sections.js';
import { renderTable } from '../markdown/render-table.js';
import type { StateEntry } from '../store/store.js';

/** Limits on one template: UTF-16 units of template and output, steps, liquidjs' own units of memory. */
const limits = {
  template: 1_048_576,
  output: 64 * 1_048_576,
  steps: 2_000_000,
  memory: 256 * 1_048_576,
  milliseconds: 10_000,
} as const;

/** What a template can name beside the entries. */
export interface TemplateSkill {
  readonly name: string;
  readonly description?: string | undefined;
  readonly patterns: readonly string[];
}

export type RenderedTemplate =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Renders a Liquid template over rows, within limits: no file access, no clock, no chance; an unknown
 * variable (but where `if`, `unless` or `default` asks for it), filter or tag is an error. It knows `entries` (each with `key`, `id` (what follows the key's
 * last colon), `value`, `data` (the value's JSON) and `updatedAt`), and `skill` (`name`, `description`,
 * `patterns`); and beside Liquid's own filters `table`, `sections`, `front_matter`, and `text`,
 * `paragraphs`, `quote`, which escape.
 */
export function renderTemplate(
  template: string,
  { entries, skill }: { readonly entries: readonly StateEntry[]; readonly skill: TemplateSkill },
): RenderedTemplate {
  if (template.length > limits.template) {
    return { kind: 'failed', message: `the template is longer than ${limits.template} characters` };
  }
  const budget = new Budget();
  const engine = createEngine(budget);
  const { name, description = '', patterns } = skill;
  const scope = { entries: entries.map(toTemplateEntry), skill: { name, description, patterns } };
  try {
    const parsed = engine.parse(template);
    const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
    const emitter = new BoundedEmitter(budget);
    toValueSync(engine.renderer.renderTemplates(parsed, context, emitter));
    return { kind: 'rendered', text: emitter.buffer };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: 'failed', message: describe(error, template) };
  }
}

function toTemplateEntry({ key, value, updatedAt }: StateEntry): object {
  const id = key.slice(key.lastIndexOf(':') + 1);
  return { key, id, value, data: dataOf(value), updatedAt };
}

/** Counts what is written, also into captures, and how many steps that takes. */
class Budget {
  #output = 0;
  #steps = 0;

  step(): void {
    if (++this.#steps > limits.steps)
      throw new Error(`rendering takes more than ${limits.steps} steps`);
  }

  write(length: number): void {
    this.#output += length;
    if (this.#output > limits.output) {
      throw new Error(`the output is longer than ${limits.output} characters`);
    }
  }
}

/** Where liquidjs writes to. */
class BoundedEmitter {
  buffer = '';
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  write(value: unknown): void {
    const text = toText(value);
    this.#budget.write(text.length);
    this.buffer += text;
  }
}

/** As liquidjs writes values: nothing for none, lists without commas. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(toText).join('');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const fileTags = ['include', 'render', 'layout', 'block'];
const dateFilters = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

function createEngine(budget: Budget): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    lenientIf: true, // a row may lack a field: `if`, `unless` and `default` ask
    strictFilters: true,
    ownPropertyOnly: true,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: limits.template,
    renderLimit: limits.milliseconds,
    memoryLimit: limits.memory,
  });
  for (const name of fileTags) delete engine.tags[name];
  delete engine.filters['sample'];
  for (const name of dateFilters) forbidClock(engine, name);
  engine.registerFilter('replace', boundedReplace);
  registerHelpers(engine, budget);
  boundRendering(engine, budget);
  return engine;
}

/**
 * The helpers; what they read is counted, for their time is in proportion to it. Their last line feed is
 * the template's to write.
 */
function registerHelpers(engine: Liquid, budget: Budget): void {
  const counted = (entries: unknown): TemplateEntry[] => {
    if (!Array.isArray(entries)) throw new Error('this filter takes entries');
    return entries.map((entry: unknown) => {
      budget.step();
      if (!isEntry(entry)) throw new Error('this filter takes entries, with key and value');
      return entry;
    });
  };
  engine.registerFilter('table', (entries: unknown, columns: unknown) =>
    renderTable(counted(entries), { columns: namesOf(columns) }).trimEnd(),
  );
  engine.registerFilter('sections', (entries: unknown, ...settings: unknown[]) =>
    renderSections(counted(entries), sectionsOptions(settings)).trimEnd(),
  );
  engine.registerFilter('front_matter', (values: unknown) =>
    renderFrontMatter(isRecord(values) ? values : {}),
  );
  engine.registerFilter('text', (value: unknown) => escapeInline(toText(value)));
  engine.registerFilter('paragraphs', (value: unknown) => escapeBlock(toText(value)));
  engine.registerFilter('quote', (value: unknown) => quoteBlock(toText(value)));
}

interface TemplateEntry {
  readonly key: string;
  readonly value: string;
}

function isEntry(entry: unknown): entry is TemplateEntry {
  return isRecord(entry) && typeof entry['key'] === 'string' && typeof entry['value'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `sections: title: "title", body: "body", fields: "type,tags", level: 2, format: "markdown"` */
function sectionsOptions(settings: readonly unknown[]): Parameters<typeof renderSections>[1] {
  const known = ['title', 'body', 'fields', 'level', 'format'];
  const named = new Map<string, unknown>();
  for (const setting of settings) {
    const [name, value] = Array.isArray(setting) ? (setting as unknown[]) : [setting, undefined];
    if (typeof name !== 'string' || !known.includes(name)) {
      throw new Error(`sections takes ${known.join(', ')}; got ${toText(name)}`);
    }
    named.set(name, value);
  }
  const format = named.get('format') ?? 'text';
  if (format !== 'text' && format !== 'markdown') {
    throw new Error(`the format of sections is text or markdown, got ${toText(format)}`);
  }
  return {
    format,
    ...(named.has('title') ? { title: toText(named.get('title')) } : {}),
    ...(named.has('body') ? { body: toText(named.get('body')) } : {}),
    ...(named.has('fields') ? { fields: namesOf(named.get('fields')) } : {}),
    ...(named.has('level') ? { level: Number(named.get('level')) } : {}),
  };
}

function namesOf(list: unknown): string[] {
  const names = Array.isArray(list) ? list.map(toText) : toText(list).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** A date of `now` would make the output depend on when it was written. */
function forbidClock(engine: Liquid, name: string): void {
  const filter = engine.filters[name];
  if (typeof filter !== 'function') return;
  engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
    if (value === 'now' || value === 'today') {
      throw new Error(`the date "${value}" would give another output every day`);
    }
    return filter.call(this, value, ...args) as unknown;
  });
}

/** liquidjs' own counts what goes in; what comes out can be far more. */
function boundedReplace(
  this: { context: Context },
  value: unknown,
  pattern: unknown,
  replacement: unknown = '',
): string {
  const parts = toText(value).split(toText(pattern));
  const between = toText(replacement);
  this.context.memoryLimit.use(parts.length * (between.length + 1) + toText(value).length);
  return parts.join(between);
}

function boundRendering(engine: Liquid, budget: Budget): void {
  const { renderer } = engine;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = function* (templates, scope, emitter = new BoundedEmitter(budget)) {
    budget.step();
    for (const template of templates) {
      budget.step();
      yield* renderTemplates([template], scope, emitter);
      if (scope.breakCalled || scope.continueCalled) break;
    }
    return emitter instanceof BoundedEmitter ? emitter.buffer : undefined;
  };
}

/** liquidjs' messages end with the place; of a template it is the line that helps. */
function describe(error: Error, template: string): string {
  const message = error.message.replace(/, line:\d+, col:\d+$/, '').replace(/, file:.*$/, '');
  if (!LiquidError.is(error)) return message;
  const line = template.slice(0, error.token.begin).split('\n').length;
  return `line ${line}: ${message}`;
}
