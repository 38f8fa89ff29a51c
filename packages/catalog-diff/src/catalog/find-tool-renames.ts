import { compareText } from '@holdfast/text';
import { canonicalJson } from '../schema/canonical-json.js';
import { isObject, ownValue, type Json } from '../schema/json.js';
import type { Tool } from './tool.js';

/** A tool that seems to be there under another name, or on another server. */
export interface ToolRename {
  readonly from: Tool;
  readonly to: Tool;
  /** How alike they are, from 0 to 1. */
  readonly score: number;
}

/** What two tools must share at least to be taken for one. */
const minScore = 0.5;
/** Most added tools that one removed tool is compared with. */
const maxCandidates = 64;

/**
 * Which removed tools seem to be among the added ones: by the words of their names however they are joined
 * (`getSum`, `get-sum`), by the shape of their input, and by their descriptions. A guess, for people to confirm.
 */
export function findToolRenames(removed: readonly Tool[], added: readonly Tool[]): ToolRename[] {
  const features = new Map([...removed, ...added].map((tool) => [tool, featuresOf(tool)]));
  const byWord = new Map<string, Tool[]>();
  for (const tool of added) {
    const { words, shape } = features.get(tool)!;
    for (const key of [...words, shape]) {
      const known = byWord.get(key);
      if (known === undefined) byWord.set(key, [tool]);
      else known.push(tool);
    }
  }
  const pairs: ToolRename[] = [];
  for (const from of removed) {
    const { words, shape } = features.get(from)!;
    const keys = [...words, shape].sort(
      (left, right) => (byWord.get(left)?.length ?? 0) - (byWord.get(right)?.length ?? 0),
    );
    const candidates = new Set<Tool>();
    for (const key of keys) {
      for (const tool of byWord.get(key) ?? []) {
        if (candidates.size < maxCandidates) candidates.add(tool);
      }
    }
    for (const to of candidates) {
      const score = scoreOf(features.get(from)!, features.get(to)!, from.server === to.server);
      if (score >= minScore) pairs.push({ from, to, score });
    }
  }
  return takeBest(pairs);
}

function takeBest(pairs: ToolRename[]): ToolRename[] {
  const taken = new Set<Tool>();
  return pairs
    .sort(
      (left, right) =>
        right.score - left.score ||
        compareText(left.from.name, right.from.name) ||
        compareText(left.to.name, right.to.name),
    )
    .filter(({ from, to }) => {
      if (taken.has(from) || taken.has(to)) return false;
      taken.add(from).add(to);
      return true;
    });
}

interface Features {
  words: ReadonlySet<string>;
  properties: ReadonlySet<string>;
  /** The input schema without its texts. */
  shape: string;
  description: ReadonlySet<string>;
}

function featuresOf({ name, inputSchema, description = '' }: Tool): Features {
  const properties = isObject(inputSchema) ? ownValue(inputSchema, 'properties') : undefined;
  return {
    words: new Set(wordsOf(name)),
    properties: new Set(isObject(properties) ? Object.keys(properties) : []),
    shape: `schema ${canonicalJson(withoutTexts(inputSchema ?? null, 0))}`,
    description: new Set(wordsOf(description.slice(0, 2000))),
  };
}

/** The words of a name, however they are joined, in lower case. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const texts = new Set(['$schema', 'title', 'description', 'examples', 'additionalProperties']);

function withoutTexts(schema: Json, depth: number): Json {
  if (depth > 50) return null;
  if (Array.isArray(schema)) return schema.map((part) => withoutTexts(part, depth + 1));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(texts.has(key) && typeof value !== 'object'))
      .map(([key, value]) => [key, withoutTexts(value, depth + 1)]),
  );
}

/** Words weigh most; tools without parameters are alike in shape by chance. */
function scoreOf(left: Features, right: Features, isSameServer: boolean): number {
  const words = overlap(left.words, right.words);
  const isSameShape = left.shape === right.shape;
  const isPlain = left.properties.size === 0 && right.properties.size === 0;
  const shape = isSameShape ? (isPlain ? 0.5 : 1) : overlap(left.properties, right.properties);
  const description = overlap(left.description, right.description);
  const score = 0.4 * words + 0.35 * shape + 0.25 * description;
  return isSameServer || words === 1 ? score : score - 0.2;
}

function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 && right.size === 0) return 0;
  const common = [...left].filter((word) => right.has(word)).length;
  return common / (left.size + right.size - common);
}
