import type { Check, CheckInput, CheckResult } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { count } from './count.js';
import { hashSha256, type Span } from '@holdfast/text';
import type { TextDocument } from './document-reader.js';
import type { Finding } from '@holdfast/findings';
import { createKeywordScanner } from './keyword-scanner.js';
import type { PresetHit } from './preset-scan.js';
import { presetKeywords } from './preset-keywords.js';
import { credentialRules } from './credential-rules.js';
import { internalRules } from './internal-rules.js';
import { isPlaceholder } from './placeholders.js';
import { privateRules } from './private-rules.js';
import type { SecretRule, Surroundings } from './secret-rule.js';
import { surroundingsOf } from './surroundings.js';
import { TimeLimitError, createTimeLimit } from './time-limit.js';

/** A pattern that must not occur in what is delivered. */
export interface DenyPattern {
  /** An RE2 regular expression, matched in linear time; `(?i)` makes it ignore case. */
  pattern: string;
  /** What the finding says; by default only which of the patterns it is, for the pattern may itself be a secret. */
  message?: string;
}

/** What a rule's findings weigh; `off` leaves the rule out. */
export type RuleSeverity = Finding['severity'] | 'off';

export interface SecretScanOptions {
  deny?: readonly DenyPattern[];
  /**
   * What is known to be harmless: fingerprints, as findings name them in `data.fingerprint`; of private places also the
   * text itself, or what it begins with, as findings name it in `data.value`.
   */
  allow?: readonly string[];
  /** By rule id (`secret/json-web-token`) or family (`secret`, `private`); the id goes before. Default: all are errors. */
  severities?: Readonly<Record<string, RuleSeverity>>;
}

/** Text that, on the same line or the one before, lets a finding pass. */
export const allowMarker = 'holdfast-allow-secret';

/**
 * Looks for credentials (secretlint's recommended preset and rules of our own), internal-only markers, private places
 * and denied patterns in every text file. A finding never holds a secret: only its kind, its place, and a fingerprint
 * by which it can be allowed. A private path or host is no secret, and is told.
 *
 * The rule ids are listed in the README; they begin with `secret/` or `private/`.
 */
export function secretScanCheck({
  deny = [],
  allow = [],
  severities = {},
}: SecretScanOptions = {}): Check {
  return {
    id: 'secret_scan',
    needs: ['files'],
    failureAction: 'block',
    run: (input) => scanFiles(input, { deny, allow: new Set(allow), severities }),
  };
}

/** What a rule's findings weigh. */
function severityOf(
  ruleId: string,
  severities: Required<SecretScanOptions>['severities'],
): RuleSeverity {
  const [family = ''] = ruleId.split('/', 1);
  if (Object.hasOwn(severities, ruleId)) return severities[ruleId]!;
  return Object.hasOwn(severities, family) ? severities[family]! : 'error';
}

/** Something found: where it lies, what kind it is. */
interface Hit extends Span {
  ruleId: string;
  name: string;
  kind?: string;
}

type ScanText = (text: string, path: string) => Promise<Hit[]>;

/** The options, with defaults. */
interface Settings {
  deny: readonly DenyPattern[];
  allow: ReadonlySet<string>;
  severities: Required<SecretScanOptions>['severities'];
}

async function scanFiles(
  { files, documents, limits }: CheckInput,
  settings: Settings,
): Promise<CheckResult> {
  const scan = createTextScan(settings);
  const findDenied = await createDenyScan(settings.deny, limits);
  const findings: Finding[] = [];
  const omitted = new Map<string, number>();
  let violations = 0;
  let unread = 0;
  for (const file of files) {
    const document = documents.text(file);
    if (!document) {
      unread += 1;
      continue;
    }
    const hits = withoutOverlaps(
      [await scan(document.text, file.path), findDenied(document.text)].flat(),
    );
    const describe = createDescriber(file, document, settings);
    let told = 0;
    for (const hit of hits) {
      const finding = describe(hit, told >= limits.maxFindingsPerFile);
      if (finding === undefined) continue;
      told += 1;
      if (finding !== 'counted') findings.push(finding);
    }
    violations += told;
    if (told > limits.maxFindingsPerFile) omitted.set(file.path, told - limits.maxFindingsPerFile);
  }
  const notScanned = unread > 0 ? `, ${count(unread, 'file')} not text` : '';
  return { findings, omitted, details: `${count(violations, 'violation')}${notScanned}` };
}

/** The reader of one text: one pass for all keywords, then the patterns where a keyword stands. */
function createTextScan({ severities }: Settings): ScanText {
  const isOn = (ruleId: string) => severityOf(ruleId, severities) !== 'off';
  const rules = [
    ...credentialRules.map((rule) => ({ ...rule, ruleId: `secret/${rule.id}` })),
    ...internalRules.map((rule) => ({ ...rule, ruleId: `secret/${rule.id}` })),
    ...privateRules.map((rule) => ({ ...rule, ruleId: `private/${rule.id}` })),
  ].filter(({ ruleId }) => isOn(ruleId));
  const keywords = [
    ...new Set(
      [...rules.flatMap((rule) => rule.keywords), ...presetKeywords].map((word) =>
        word.toLowerCase(),
      ),
    ),
  ];
  const scanKeywords = createKeywordScanner(keywords);
  const rulesOf = keywords.map((word) =>
    rules.filter((rule) => rule.keywords.some((own) => own.toLowerCase() === word)),
  );
  const forPreset = keywords.map((word) => presetKeywords.includes(word));

  return async (text, path) => {
    const hits: Hit[] = [];
    const presetPlaces: number[] = [];
    const surroundings = surroundingsOf(text, path);
    scanKeywords(text, (keyword, start) => {
      for (const rule of rulesOf[keyword]!) tryRule(rule, text, start, surroundings, hits);
      if (forPreset[keyword]) presetPlaces.push(start);
    });
    if (presetPlaces.length === 0) return hits;
    const ofPreset = await scanPresetPlaces(text, presetPlaces);
    return hits.concat(ofPreset.filter(({ ruleId }) => isOn(ruleId)));
  };
}

function tryRule(
  { ruleId, name, pattern, accept, locate }: SecretRule & { ruleId: string },
  text: string,
  keywordAt: number,
  surroundings: (offset: number) => Surroundings,
  hits: Hit[],
): void {
  pattern.lastIndex = keywordAt;
  const match = pattern.exec(text);
  if (!match || !accept(match, surroundings(keywordAt))) return;
  const whole = { start: wordStart(text, keywordAt), end: keywordAt + match[0].length };
  for (const span of locate?.(text, keywordAt) ?? [whole]) hits.push({ ruleId, name, ...span });
}

/** Where the word begins in which a keyword stands: part of a secret may lie before it. */
function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && offset - start < 100 && /[\w~.-]/.test(text[start - 1]!)) start -= 1;
  return start;
}

/** What lies around a keyword that the preset may need: longer before than any context word, and a whole key after. */
const presetReach = { before: 400, after: 1200, key: 12_000 };

/** Runs the preset over the surroundings of its keywords, put together into one text. */
async function scanPresetPlaces(text: string, places: readonly number[]): Promise<Hit[]> {
  const windows = windowsAround(text, places);
  const { scanWithPreset } = await import('./preset-scan.js');
  const joined = windows.map(({ start, end }) => text.slice(start, end)).join(windowGap);
  const found = await scanWithPreset(joined);
  return found.flatMap((hit) => placeHit(hit, windows, text));
}

const windowGap = '\n\n';

function windowsAround(text: string, places: readonly number[]): Span[] {
  const windows: Span[] = [];
  for (const place of places) {
    const reach = text.startsWith('-----', place) ? presetReach.key : presetReach.after;
    const start = breakBefore(text, place - presetReach.before);
    const end = breakAfter(text, place + reach);
    const last = windows.at(-1);
    if (last && start <= last.end)
      windows[windows.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else windows.push({ start, end });
  }
  return windows;
}

/** Windows begin and end between words, so that no word is cut into something else. */
function breakBefore(text: string, offset: number): number {
  let start = Math.max(0, offset);
  while (start > 0 && offset - start < 200 && !/\s/.test(text[start - 1]!)) start -= 1;
  return start;
}

function breakAfter(text: string, offset: number): number {
  let end = Math.min(text.length, offset);
  while (end < text.length && end - offset < 200 && !/\s/.test(text[end]!)) end += 1;
  return end;
}

function placeHit(hit: PresetHit, windows: readonly Span[], text: string): Hit[] {
  let offset = 0;
  for (const { start, end } of windows) {
    const length = end - start;
    if (hit.start < offset + length) {
      const from = start + hit.start - offset;
      const to = Math.min(end, start + hit.end - offset);
      if (isPlaceholder(text.slice(from, to))) return [];
      return [
        {
          ruleId: `secret/${hit.rule}`,
          name: `a secret (${hit.rule})`,
          kind: hit.kind,
          start: from,
          end: to,
        },
      ];
    }
    offset += length + windowGap.length;
  }
  return [];
}

/** What is wrong with a denied pattern: RE2 refuses it, or it matches everywhere; undefined if nothing is. */
export async function checkDenyPattern(pattern: string): Promise<string | undefined> {
  const { RE2JS } = await import('re2js');
  try {
    const everywhere = RE2JS.compile(pattern).matcher('').find();
    return everywhere ? 'it matches the empty text, and so everywhere' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function createDenyScan(
  deny: readonly DenyPattern[],
  { maxFindingsPerFile, patternTimeoutMs }: CheckInput['limits'],
): Promise<(text: string) => Hit[]> {
  if (deny.length === 0) return () => [];
  const { RE2JS } = await import('re2js');
  const runWithin = createTimeLimit();
  const patterns = deny.map(({ pattern, message }, index) => ({
    name: `denied: ${message ?? `pattern ${index + 1}`}`,
    compiled: RE2JS.compile(pattern),
  }));

  /** More hits than are told are not looked for. */
  function findAll(compiled: RE2JSPattern, text: string): Span[] {
    const spans: Span[] = [];
    const matcher = compiled.matcher(text);
    while (spans.length <= maxFindingsPerFile && matcher.find()) {
      spans.push({ start: matcher.start(), end: matcher.end() });
    }
    return spans;
  }

  return (text) =>
    patterns.flatMap(({ name, compiled }): Hit[] => {
      try {
        const spans = runWithin(patternTimeoutMs, () => findAll(compiled, text));
        return spans.map((span) => ({ ruleId: 'secret/deny-pattern', name, ...span }));
      } catch (error) {
        if (!(error instanceof TimeLimitError)) throw error;
        const costly = `${name}: looking for it did not end within ${patternTimeoutMs} ms, and so it may be here`;
        return [{ ruleId: 'secret/deny-pattern', name: costly, start: 0, end: 0 }];
      }
    });
}

/** A pattern of RE2, which is loaded when there is one. */
type RE2JSPattern = ReturnType<typeof import('re2js').RE2JS.compile>;

/** Of hits that overlap, the one that begins first: one secret is one finding. */
function withoutOverlaps(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (!last || hit.start >= last.end) kept.push(hit);
  }
  return kept;
}

/**
 * Makes findings of the hits in one text: undefined for what is allowed, `counted` where it is only to be counted. Which
 * lines are marked as allowed is worked out once.
 */
function createDescriber(
  file: ValidationFile,
  { text, lines }: TextDocument,
  { allow, severities }: Settings,
): (hit: Hit, onlyCount: boolean) => Finding | 'counted' | undefined {
  const allowedLines = linesMarkedAllowed(text, lines);

  return ({ ruleId, name, kind, start, end }, onlyCount) => {
    const severity = severityOf(ruleId, severities);
    const found = text.slice(start, end);
    const fingerprint = hashSha256(found).slice(0, 16);
    const value = ruleId.startsWith('private/') ? privateValue(text, start, end) : undefined;
    if (severity === 'off' || allow.has(fingerprint)) return undefined;
    if (value !== undefined && [...allow].some((allowed) => isBelow(value, allowed)))
      return undefined;
    if (allowedLines.size > 0 && allowedLines.has(lines.positionAt(start).line)) return undefined;
    if (onlyCount) return 'counted';
    const shown = value === undefined ? name : `${name}: ${value}`;
    const remedy = value === undefined ? 'remove it, or if it is none' : 'if it may be published';
    const setting = JSON.stringify(value ?? fingerprint);
    return {
      ruleId,
      severity,
      message: `${shown} (fingerprint ${fingerprint}); ${remedy}, add to the rule: validation: {allow_secrets: [${setting}]}`,
      path: file.path,
      range: lines.rangeAt(start, end),
      data: {
        fingerprint,
        ...(value !== undefined && { value }),
        ...(kind !== undefined && { kind }),
      },
    };
  };
}

/** A private place in full, from its scheme or drive to its end; it is no secret. */
function privateValue(text: string, start: number, end: number): string {
  const before = /[A-Za-z][A-Za-z0-9+.-]{0,20}$|[A-Za-z]:$/.exec(
    text.slice(Math.max(0, start - 24), start),
  );
  const from = text.startsWith('://', start) ? start - (before?.[0].length ?? 0) : start;
  const rest = /^[\w.~%/\\:-]{0,80}/.exec(text.slice(end, end + 80))?.[0] ?? '';
  const whole = text.slice(from, end) + rest;
  return whole
    .replace(/^\]\(|^href=["']/, '')
    .replace(/(?<=:\/\/)[^@/\s]*@/, '')
    .replace(/[.:,]+$/, '');
}

/** Whether a place is an allowed one, or lies below it. */
function isBelow(value: string, allowed: string): boolean {
  if (!allowed.includes('/') && !allowed.includes('\\')) return false;
  const bare = allowed.replace(/[/\\]+$/, '');
  return value === bare || (value.startsWith(bare) && /[/\\:]/.test(value[bare.length] ?? ''));
}

/** The lines that bear the marker, and those after them. */
function linesMarkedAllowed(text: string, lines: TextDocument['lines']): ReadonlySet<number> {
  const marked = new Set<number>();
  for (let at = text.indexOf(allowMarker); at >= 0; at = text.indexOf(allowMarker, at + 1)) {
    const { line } = lines.positionAt(at);
    marked.add(line).add(line + 1);
  }
  return marked;
}
