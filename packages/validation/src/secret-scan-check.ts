import { createHash } from 'node:crypto';
import type { Check, CheckInput, CheckResult } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { count } from './count.js';
import type { Span } from '@holdfast/text';
import type { TextDocument } from './document-reader.js';
import type { Finding } from '@holdfast/findings';
import { createKeywordScanner } from './keyword-scanner.js';
import type { PresetHit } from './preset-scan.js';
import { presetKeywords } from './preset-keywords.js';
import {
  credentialRules,
  internalMarkerRules,
  isPlaceholder,
  privatePathRules,
  type SecretRule,
} from './secret-rules.js';

/** A pattern that must not occur in what is delivered. */
export interface DenyPattern {
  /** An RE2 regular expression, matched in linear time; `(?i)` makes it ignore case. */
  pattern: string;
  /** What the finding says; by default only which of the patterns it is, for the pattern may itself be a secret. */
  message?: string;
}

export interface SecretScanOptions {
  deny?: readonly DenyPattern[];
  /** Fingerprints, as findings name them in `data.fingerprint`, of what is known to be harmless. */
  allow?: readonly string[];
}

/** Text that, on the same line or the one before, lets a finding pass. */
export const allowMarker = 'holdfast-allow-secret';

/**
 * Looks for credentials (secretlint's recommended preset and rules of our own), internal-only markers, private paths
 * and denied patterns in every text file. A finding never holds what was found: only its kind, its place, and a
 * fingerprint by which it can be allowed.
 *
 * The rule ids are listed in the README; all begin with `secret/`.
 */
export function secretScanCheck({ deny = [], allow = [] }: SecretScanOptions = {}): Check {
  return {
    id: 'secret_scan',
    needs: ['files'],
    failureAction: 'block',
    run: (input) => scanFiles(input, deny, new Set(allow)),
  };
}

/** Something found: where it lies, what kind it is. */
interface Hit extends Span {
  id: string;
  name: string;
  kind?: string;
}

type ScanText = (text: string) => Promise<Hit[]>;

async function scanFiles(
  { files, documents }: CheckInput,
  deny: readonly DenyPattern[],
  allow: ReadonlySet<string>,
): Promise<CheckResult> {
  const scan = createTextScan();
  const findDenied = await createDenyScan(deny);
  const findings: Finding[] = [];
  let unread = 0;
  for (const file of files) {
    const document = documents.text(file);
    if (!document) {
      unread += 1;
      continue;
    }
    const hits = [...(await scan(document.text)), ...findDenied(document.text)];
    findings.push(
      ...withoutOverlaps(hits).flatMap((hit) => describeHit(hit, file, document, allow)),
    );
  }
  const notScanned = unread > 0 ? `, ${count(unread, 'file')} not text` : '';
  return { findings, details: `${count(findings.length, 'violation')}${notScanned}` };
}

/** The reader of one text: one pass for all keywords, then the patterns where a keyword stands. */
function createTextScan(): ScanText {
  const rules = [...credentialRules, ...privatePathRules, ...internalMarkerRules];
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

  return async (text) => {
    const hits: Hit[] = [];
    const presetPlaces: number[] = [];
    scanKeywords(text, (keyword, start) => {
      for (const rule of rulesOf[keyword]!) {
        const hit = tryRule(rule, text, start);
        if (hit) hits.push(hit);
      }
      if (forPreset[keyword]) presetPlaces.push(start);
    });
    return presetPlaces.length > 0 ? hits.concat(await scanPresetPlaces(text, presetPlaces)) : hits;
  };
}

function tryRule(
  { id, name, pattern, accept }: SecretRule,
  text: string,
  start: number,
): Hit | undefined {
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  return match && accept(match)
    ? { id, name, start: wordStart(text, start), end: start + match[0].length }
    : undefined;
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
        { id: hit.rule, name: `a secret (${hit.rule})`, kind: hit.kind, start: from, end: to },
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

async function createDenyScan(deny: readonly DenyPattern[]): Promise<(text: string) => Hit[]> {
  if (deny.length === 0) return () => [];
  const { RE2JS } = await import('re2js');
  const patterns = deny.map(({ pattern, message }, index) => ({
    name: `denied: ${message ?? `pattern ${index + 1}`}`,
    compiled: RE2JS.compile(pattern),
  }));
  return (text) =>
    patterns.flatMap(({ name, compiled }) => {
      const hits: Hit[] = [];
      const matcher = compiled.matcher(text);
      while (matcher.find())
        hits.push({ id: 'deny-pattern', name, start: matcher.start(), end: matcher.end() });
      return hits;
    });
}

/** Of hits that overlap, the one that begins first: one secret is one finding. */
function withoutOverlaps(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (!last || hit.start >= last.end) kept.push(hit);
  }
  return kept;
}

function describeHit(
  { id, name, kind, start, end }: Hit,
  file: ValidationFile,
  { text, lines }: TextDocument,
  allow: ReadonlySet<string>,
): Finding[] {
  const fingerprint = createHash('sha256')
    .update(text.slice(start, end))
    .digest('hex')
    .slice(0, 16);
  if (allow.has(fingerprint) || isMarkedAllowed(text, start)) return [];
  return [
    {
      ruleId: `secret/${id}`,
      severity: 'error',
      message: `${name} (fingerprint ${fingerprint}); remove it, or allow the fingerprint`,
      path: file.path,
      range: lines.rangeAt(start, end),
      data: { fingerprint, ...(kind !== undefined && { kind }) },
    },
  ];
}

function isMarkedAllowed(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const previousStart = lineStart === 0 ? 0 : text.lastIndexOf('\n', lineStart - 2) + 1;
  const lineEnd = text.indexOf('\n', offset);
  return text.slice(previousStart, lineEnd < 0 ? text.length : lineEnd).includes(allowMarker);
}
