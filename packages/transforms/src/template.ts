import { Context, Liquid, LiquidError, TokenKind, toValueSync, type Template } from 'liquidjs';
import { digestOf, type Edit } from '@holdfast/text';
import { TransformError } from './transform-error.js';
import type { LocalFinding, Transform, TransformContext, TransformResult } from './transform.js';

/** `template`: how the strategy of that name reads files. */
export interface TemplateSettings {
  delimiters?:
    | {
        /** Default: `['{{', '}}']`. */
        output?: readonly [string, string] | undefined;
        /** Default: `['{%', '%}']`. */
        tag?: readonly [string, string] | undefined;
      }
    | undefined;
}

/**
 * Limits on one file: UTF-16 units of template and of output, tags (liquidjs' parser takes quadratic time
 * in them), steps of rendering, liquidjs' own units of memory.
 */
const limits = {
  template: 4 * 2 ** 20,
  tags: 20_000,
  output: 32 * 2 ** 20,
  steps: 1_000_000,
  memory: 64 * 2 ** 20,
  milliseconds: 10_000,
} as const;

/** Names that a rule's variables do not have. */
const builtIns = ['source', 'target', 'rule'] as const;

/**
 * Renders a file with LiquidJS: an unknown variable, filter or tag is an error with its place; there is
 * no file access, no HTML escaping, no clock and no chance. Beside the rule's variables a template knows
 * `source.name`, `.version`, `.commit`, `.url`, `.path`, `target.repo`, `.branch`, `.path`, and `rule.id`.
 */
export function createTemplate(
  settings: TemplateSettings,
  keyPath: readonly (string | number)[],
): Transform {
  const output = settings.delimiters?.output ?? ['{{', '}}'];
  const tag = settings.delimiters?.tag ?? ['{%', '%}'];
  checkDelimiters([...output, ...tag], [...keyPath, 'delimiters']);
  return {
    name: 'template',
    reversible: false,
    digest: digestOf({ template: { output, tag } }),
    dependsOn: ['paths', 'source', 'version', 'commit', 'target', 'rule', 'variables'],
    describe: () => `template: Liquid, with ${output.join(' ')} and ${tag.join(' ')}`,
    transform: ({ text }, context) => {
      if (!text.includes(output[0]) && !text.includes(tag[0])) return { kind: 'edited', edits: [] };
      return renderTemplate(text, context, { output, tag });
    },
  };
}

function checkDelimiters(delimiters: readonly string[], keyPath: (string | number)[]): void {
  const [outputLeft, , tagLeft] = delimiters;
  if (outputLeft !== tagLeft && delimiters.every((delimiter) => /^\S{1,16}$/.test(delimiter)))
    return;
  throw new TransformError(
    'delimiters are 1 to 16 characters without white space, and those of output and tags differ',
    { code: 'invalid-settings', data: { keyPath } },
  );
}

interface Delimiters {
  output: readonly [string, string];
  tag: readonly [string, string];
}

function renderTemplate(
  text: string,
  context: TransformContext,
  delimiters: Delimiters,
): TransformResult {
  if (text.length > limits.template) {
    return tooLarge(`the template is longer than ${limits.template} characters`);
  }
  if (countOf(delimiters.output[0], text) + countOf(delimiters.tag[0], text) > limits.tags) {
    return tooLarge(`the template has more than ${limits.tags} tags`);
  }
  const shadowed = builtIns.find((name) => Object.hasOwn(context.variables, name));
  if (shadowed !== undefined) {
    const message = `the variable ${shadowed} has the name of a built-in one; name it otherwise`;
    return failed({ ruleId: 'transforms/template-variable', severity: 'error', message });
  }
  try {
    return { kind: 'edited', edits: render(text, variablesOf(context), delimiters) };
  } catch (error) {
    if (error instanceof Error) return failed(describeError(error, text));
    throw error;
  }
}

function tooLarge(message: string): TransformResult {
  return failed({ ruleId: 'transforms/template-too-large', severity: 'error', message });
}

function countOf(part: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

function failed(finding: LocalFinding): TransformResult {
  return { kind: 'failed', findings: [finding] };
}

function variablesOf(context: TransformContext): Record<string, unknown> {
  const { source, target, ruleId, sourcePath, targetPath, variables } = context;
  const { name, version, commit, url = '' } = source;
  return {
    ...variables,
    source: { name, version, commit, url, path: sourcePath },
    target: { ...target, path: targetPath },
    rule: { id: ruleId },
  };
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

/**
 * Renders the templates of the top level one by one, so that each text between them is known to be a
 * copy: what is left are edits of the tags alone.
 */
function render(text: string, variables: Record<string, unknown>, delimiters: Delimiters): Edit[] {
  const budget = new Budget();
  const engine = createEngine(delimiters, budget);
  const templates = engine.parse(text);
  const scope = new Context(variables, engine.options, { sync: true }, { liquid: engine });
  const edits: Edit[] = [];
  let copiedUntil = 0;
  let pending = '';
  const flush = (until: number) => {
    if (until > copiedUntil || pending !== '') {
      edits.push({ start: copiedUntil, end: until, text: pending });
    }
    pending = '';
  };
  for (const template of templates) {
    const emitter = new BoundedEmitter(budget);
    toValueSync(engine.renderer.renderTemplates([template], scope, emitter));
    const { begin, end } = template.token;
    if (isPlainText(template) && text.slice(begin, end) === emitter.buffer) {
      flush(begin);
      copiedUntil = end;
    } else pending += emitter.buffer;
  }
  flush(text.length);
  return edits;
}

function isPlainText({ token }: Template): boolean {
  return token.kind === TokenKind.HTML; // liquidjs' word for what is outside of its tags
}

const fileTags = ['include', 'render', 'layout', 'block'];
const dateFilters = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

function createEngine({ output, tag }: Delimiters, budget: Budget): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    outputDelimiterLeft: output[0],
    outputDelimiterRight: output[1],
    tagDelimiterLeft: tag[0],
    tagDelimiterRight: tag[1],
    parseLimit: limits.template,
    renderLimit: limits.milliseconds,
    memoryLimit: limits.memory,
  });
  for (const name of fileTags) delete engine.tags[name];
  delete engine.filters['sample'];
  for (const name of dateFilters) forbidClock(engine, name);
  engine.registerFilter('replace', boundedReplace);
  boundRendering(engine, budget);
  return engine;
}

/** A date of `now` would make the output depend on when it was written. */
function forbidClock(engine: Liquid, name: string): void {
  const filter = engine.filters[name];
  if (typeof filter !== 'function') return;
  engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
    if (value === 'now' || value === 'today') {
      throw new Error(
        `the date "${value}" would give another output every day; pass a date as a variable`,
      );
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

/** liquidjs' messages end with the place, which a finding has of its own. */
function describeError(error: Error, text: string): LocalFinding {
  const message = error.message.replace(/, line:\d+, col:\d+$/, '').replace(/, file:.*$/, '');
  const finding = { ruleId: 'transforms/template-error', severity: 'error', message } as const;
  if (!LiquidError.is(error)) return finding;
  const { begin, end } = error.token;
  const start = Math.min(Math.max(0, begin), text.length);
  return { ...finding, start, end: Math.min(Math.max(start, end), text.length) };
}
