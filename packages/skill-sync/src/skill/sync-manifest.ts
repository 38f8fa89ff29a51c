import { indexLines, readJson, type DataValue, type Span } from '@holdfast/text';
import type { Finding } from '@holdfast/findings';
import * as z from 'zod';
import { explainPattern, patternLimits } from '../store/key-pattern.js';

/** In which form an output is written. */
export type OutputFormat = 'markdown' | 'json' | 'yaml';

/** `SYNC.json`, as it was checked. */
export interface SyncManifest {
  readonly version: '1';
  /** Where the rendering goes: an absolute path. */
  readonly outputFile: string;
  /** Which rows it is made from. */
  readonly patterns: readonly string[];
  /** What makes it: a program of the skill, or a Liquid template; a path relative to the skill. */
  readonly maker: { readonly kind: 'generator' | 'template'; readonly path: string };
  /** A program that reads an edited output back, relative to the skill. */
  readonly parser?: string;
  /** Further files made from the same rows. */
  readonly outputs: readonly {
    readonly file: string;
    readonly format: OutputFormat;
    /** The template of a Markdown output of its own. */
    readonly template?: string;
  }[];
  readonly description?: string;
}

const maxLength = 1_048_576;

/** A path that stays on its line where it is shown, and is the same in every encoding. */
function isPlain(path: string): boolean {
  return path.isWellFormed() && !/[\0-\x1f\x7f]/.test(path);
}

const absolutePath = z
  .string()
  .max(4096)
  .refine((path) => path.startsWith('/') && !path.endsWith('/') && isPlain(path), {
    error: 'must be an absolute path of a file, such as /data/NOTES.md',
  });

const pathInSkill = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.startsWith('/') && !path.split(/[/\\]/).includes('..') && isPlain(path), {
    error: 'must be a path inside of the skill, such as ./scripts/sync.sh, without ..',
  });

const schema = z.looseObject({
  version: z.literal('1', { error: (issue) => `must be "1", got ${shown(issue.input)}` }),
  outputFile: absolutePath,
  patterns: z
    .array(
      z.string().superRefine((pattern, context) => {
        const wrong = explainPattern(pattern);
        if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
      }),
    )
    .min(1, { error: 'must name at least one pattern' })
    .max(patternLimits.count),
  generator: pathInSkill.optional(),
  template: pathInSkill.optional(),
  parser: pathInSkill.optional(),
  outputs: z
    .array(
      z.looseObject({
        file: absolutePath,
        format: z.enum(['markdown', 'json', 'yaml']),
        template: pathInSkill.optional(),
      }),
    )
    .max(64)
    .optional(),
  description: z.string().optional(),
});

const knownKeys = [...Object.keys(schema.shape), '$schema'];
const knownOutputKeys = ['file', 'format', 'template'];

export interface ParsedSyncManifest {
  /** Absent when a finding is an error. */
  readonly manifest?: SyncManifest;
  readonly findings: readonly Finding[];
}

/**
 * Parses `SYNC.json`. Unknown keys are a warning, for the format grows; a key twice is an error, for
 * readers disagree about which one counts. A byte order mark is read over.
 *
 * @param path What findings call the file.
 */
export function parseSyncManifest(text: string, path: string): ParsedSyncManifest {
  const lines = indexLines(text);
  const { values, problems } = readJson(text, { maxLength, maxDepth: 32 });
  const at = (span: Span) => ({ path, range: lines.rangeOf(span) });
  const findings: Finding[] = problems.map(({ code, message, start, end }) => ({
    ruleId: `skills/manifest-${code}`,
    severity: 'error',
    message,
    ...at({ start, end }),
  }));
  const [document] = values;
  if (!document) return { findings };
  const report = (
    ruleId: string,
    severity: Finding['severity'],
    message: string,
    keys: readonly (string | number)[],
    part: 'key' | 'value' = 'value',
  ) => {
    const span = document.spanOf(keys, part) ?? document.closestSpan(keys);
    findings.push({ ruleId, severity, message, ...at(span) });
  };
  const checked = schema.safeParse(document.value);
  for (const issue of checked.error?.issues ?? []) {
    const keys = issue.path.filter((key) => typeof key !== 'symbol');
    report('skills/manifest-invalid', 'error', describeIssue(issue, keys, document), keys);
  }
  for (const [keys, name] of unknownKeys(document.value)) {
    const message = `${name} is not a key that this version knows; it is passed over`;
    report('skills/manifest-unknown-key', 'warning', message, keys, 'key');
  }
  if (checked.success) {
    const { generator, template, parser, outputs = [] } = checked.data;
    if ((generator === undefined) === (template === undefined)) {
      const message =
        generator === undefined
          ? 'generator is missing: the program that writes the output (or template, a Liquid template)'
          : 'generator and template exclude each other; remove one';
      report(
        'skills/manifest-invalid',
        'error',
        message,
        template === undefined ? [] : ['template'],
      );
    }
    if (parser !== undefined && template !== undefined) {
      const message =
        'parser goes with a generator; what a template marks is read back without one';
      report('skills/manifest-invalid', 'error', message, ['parser'], 'key');
    }
    outputs.forEach((output, index) => {
      if (output.template === undefined || output.format === 'markdown') return;
      const message = `template goes with format markdown; ${output.format} is the rows themselves`;
      report('skills/manifest-invalid', 'error', message, ['outputs', index, 'template'], 'key');
    });
  }
  if (!checked.success || findings.some(({ severity }) => severity === 'error'))
    return { findings };
  return { manifest: toManifest(checked.data), findings };
}

function toManifest(data: z.infer<typeof schema>): SyncManifest {
  const { generator, template, parser, outputs = [], description } = data;
  return {
    version: data.version,
    outputFile: data.outputFile,
    patterns: data.patterns,
    maker:
      template === undefined
        ? { kind: 'generator', path: generator as string }
        : { kind: 'template', path: template },
    outputs: outputs.map(({ file, format, template: own }) => ({
      file,
      format,
      ...(own === undefined ? {} : { template: own }),
    })),
    ...(parser === undefined ? {} : { parser }),
    ...(description === undefined ? {} : { description }),
  };
}

function describeIssue(
  issue: z.core.$ZodIssue,
  keys: readonly (string | number)[],
  { value }: DataValue,
): string {
  const name = keys.length === 0 ? 'SYNC.json' : formatKeys(keys);
  let input: unknown = value;
  for (const key of keys) {
    input =
      typeof input === 'object' && input !== null && Object.hasOwn(input, key)
        ? (input as Record<string | number, unknown>)[key]
        : undefined;
  }
  if (input === undefined) return `${name} is missing; expected ${expectedOf(keys)}`;
  if (issue.code === 'invalid_type') {
    return `${name} must be ${article(issue.expected)}, got ${shown(input)}`;
  }
  if (issue.code === 'custom') {
    const subject = keys[0] === 'patterns' ? `the pattern ${shown(input)}` : name;
    return keys[0] === 'patterns'
      ? `${subject} ${issue.message}`
      : `${name} ${issue.message}, got ${shown(input)}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map((one) => JSON.stringify(one)).join(', ');
    return `${name} must be ${issue.values.length > 1 ? 'one of ' : ''}${values}, got ${shown(input)}`;
  }
  return `${name}: ${issue.message}`;
}

const expectations: Record<string, string> = {
  version: '"1"',
  outputFile: 'an absolute path, such as /data/NOTES.md',
  patterns: 'a list of key patterns, such as ["notes:entry:*"]',
  file: 'an absolute path',
  format: 'markdown, json or yaml',
};

function expectedOf(keys: readonly (string | number)[]): string {
  return expectations[String(keys.at(-1))] ?? 'a value';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function formatKeys(keys: readonly (string | number)[]): string {
  return keys
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function* unknownKeys(value: unknown): Generator<[(string | number)[], string]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const key of Object.keys(value)) {
    if (!knownKeys.includes(key)) yield [[key], JSON.stringify(key)];
  }
  const { outputs } = value as { outputs?: unknown };
  if (!Array.isArray(outputs)) return;
  for (const [index, output] of outputs.entries()) {
    if (typeof output !== 'object' || output === null) continue;
    for (const key of Object.keys(output as object)) {
      if (!knownOutputKeys.includes(key))
        yield [['outputs', index, key], `outputs[${index}].${key}`];
    }
  }
}
