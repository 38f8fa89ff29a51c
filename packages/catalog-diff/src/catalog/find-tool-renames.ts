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

/** What a shape that no other tool has, or a word, is worth beyond being shared. */
const bonus = { shape: 0.15, word: 0.25 };
/** What another action on the same thing takes off: `create-issue` is not `close-issue`. */
const otherAction = 0.3;

/**
 * Which removed tools seem to be among the added ones: by the words of their names however they are joined
 * (`getSum`, `get-sum`), by the shape of their input, and by their descriptions. What just these two share of all tools
 * counts for more, another action on the same thing against it. A guess, for people to confirm.
 *
 * @param kept the tools that are there before and after
 */
export function findToolRenames(
  removed: readonly Tool[],
  added: readonly Tool[],
  kept: readonly Tool[],
): ToolRename[] {
  if (removed.length === 0 || added.length === 0) return [];
  const features = new Map([...removed, ...added].map((tool) => [tool, featuresOf(tool)]));
  const isOfThese = onlyOnce([removed, added], kept);
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
      const score = scoreOf(features.get(from)!, features.get(to)!, {
        isSameServer: from.server === to.server,
        isOfThese,
      });
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

/**
 * Says of a word of names, or a shape, whether it is one removed and one added tool's, and nobody else's.
 */
function onlyOnce(
  sides: readonly (readonly Tool[])[],
  kept: readonly Tool[],
): (key: string) => boolean {
  const counts = [...sides, kept].map((tools) => {
    const count = new Map<string, number>();
    for (const tool of tools) {
      for (const key of [...new Set(wordsOf(tool.name)), shapeOf(tool)])
        count.set(key, (count.get(key) ?? 0) + 1);
    }
    return count;
  });
  return (key) => counts.every((count, at) => (count.get(key) ?? 0) === (at < 2 ? 1 : 0));
}

interface Features {
  words: ReadonlySet<string>;
  properties: ReadonlySet<string>;
  /** The input schema without its texts. */
  shape: string;
  description: ReadonlySet<string>;
}

function featuresOf(tool: Tool): Features {
  const { name, inputSchema, description = '' } = tool;
  const properties = isObject(inputSchema) ? ownValue(inputSchema, 'properties') : undefined;
  return {
    words: new Set(wordsOf(name)),
    properties: new Set(isObject(properties) ? Object.keys(properties) : []),
    shape: shapeOf(tool),
    description: new Set(
      wordsOf(description.slice(0, 2000)).filter((word) => !fillWords.has(word)),
    ),
  };
}

/** The words of a name, however they are joined, in lower case and without their endings. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word));
}

const fillWords = new Set(
  wordsOf(
    'a an and are as at be by can for from has have how in into is it its may of on or that the their this to using via which with',
  ),
);

/** Words for what is done, those for the same together, without their endings. */
const actions = new Map(
  [
    'get read fetch show print view describe retrieve load list search find query lookup',
    'create add new insert make',
    'update edit set write modify change patch replace rename',
    'delete remove drop clear destroy close',
    'start run trigger execute launch begin invoke open',
    'stop cancel abort end kill',
    'enable activate',
    'disable deactivate',
    'import upload push send post',
    'export download pull receive',
  ].flatMap((line, at) => wordsOf(line).map((word) => [word, at] as const)),
);

function actionOf(words: ReadonlySet<string>): number | undefined {
  for (const word of words) {
    const action = actions.get(word);
    if (action !== undefined) return action;
  }
  return undefined;
}

function shapeOf({ inputSchema }: Tool): string {
  return `schema ${canonicalJson(withoutTexts(inputSchema ?? null, 0))}`;
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
function scoreOf(
  left: Features,
  right: Features,
  { isSameServer, isOfThese }: { isSameServer: boolean; isOfThese: (key: string) => boolean },
): number {
  const words = overlap(left.words, right.words);
  const isSameShape = left.shape === right.shape;
  const isPlain = left.properties.size === 0 && right.properties.size === 0;
  const shape = isSameShape ? (isPlain ? 0.5 : 1) : overlap(left.properties, right.properties);
  const description = overlap(left.description, right.description);
  let score = 0.4 * words + 0.35 * shape + 0.25 * description;
  if (!isSameServer && words !== 1) score -= 0.2;

  const common = [...left.words].filter((word) => right.words.has(word));
  const [before, after] = [actionOf(left.words), actionOf(right.words)];
  const isKnown = before !== undefined && after !== undefined;
  if (isKnown && before !== after && common.length > 0) return score - otherAction;
  if (isSameShape && left.properties.size > 1 && description >= 0.25 && isOfThese(left.shape))
    score += bonus.shape;
  if (isKnown && before === after && common.some((word) => !actions.has(word) && isOfThese(word)))
    score += bonus.word;
  return score;
}

function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 && right.size === 0) return 0;
  const common = [...left].filter((word) => right.has(word)).length;
  return common / (left.size + right.size - common);
}
