import type { DataProblem, DataText, DataValue } from './data-text.js';
import type { KeyPath } from './json-pointer.js';
import type { Span } from './place.js';
import { walkJson, type JsonVisitor } from './walk-json.js';

export interface ReadJsonOptions {
  /** Line and block comments and trailing commas are read over, as in JSONC. Default false. */
  readonly comments?: boolean;
  /** Deepest nesting. Default 200. */
  readonly maxDepth?: number;
  /** Longest text in UTF-16 units. Default 64 Mi. */
  readonly maxLength?: number;
}

/**
 * Reads JSON (RFC 8259), strictly and without recursion: `JSON.parse` has no limit on depth, takes duplicate keys, and
 * for some errors tells no place. A byte order mark is read over. The first syntax error ends it, and then there is no
 * value; duplicate and prototype keys are told, and the value is there.
 */
export function readJson(
  text: string,
  { comments = false, maxDepth = 200, maxLength = 64 * 1_048_576 }: ReadJsonOptions = {},
): DataText {
  if (text.length > maxLength) {
    const message = `longer than the ${maxLength} characters that a JSON text may have`;
    return { values: [], problems: [{ code: 'too-large', message, start: 0, end: 0 }] };
  }
  const options = { comments, maxDepth };
  const builder = new ValueBuilder();
  const stop = walkJson(text, builder, options);
  if (stop) return { values: [], problems: [...builder.problems, stop] };

  let places: JsonPlace | undefined;
  function root(): JsonPlace {
    if (places) return places;
    const recorder = new PlaceRecorder();
    walkJson(text, recorder, options);
    return (places = recorder.root);
  }
  const value: DataValue = {
    value: builder.value,
    isEmpty: false,
    spanOf: (path, part = 'value') => spanOf(root(), path, part),
    closestSpan: (path) => closestPlace(root(), path).value,
  };
  return { values: [value], problems: builder.problems };
}

/** Builds the value as `JSON.parse` would. */
class ValueBuilder implements JsonVisitor {
  value: unknown;
  readonly problems: DataProblem[] = [];
  readonly #parents: (Record<string, unknown> | unknown[])[] = [];
  /** The keys that wait for their values, of the objects that are open. */
  readonly #keys: string[] = [];
  #container: Record<string, unknown> | unknown[] | undefined;

  open(isArray: boolean): void {
    const container = isArray ? [] : {};
    if (this.#container) this.#parents.push(this.#container);
    this.#container = container;
  }

  key(name: string, start: number, end: number): void {
    const named = JSON.stringify(name);
    if (Object.hasOwn(this.#container as object, name)) {
      const message = `the key ${named} stands here twice`;
      this.problems.push({ code: 'duplicate-key', message, start, end });
    }
    if (name === '__proto__') {
      const message = `the key ${named} is not data`;
      this.problems.push({ code: 'prototype-key', message, start, end });
    }
    this.#keys.push(name);
  }

  scalar(value: unknown): void {
    this.#add(value);
  }

  close(): void {
    const value = this.#container;
    this.#container = this.#parents.pop();
    this.#add(value);
  }

  #add(value: unknown): void {
    const container = this.#container;
    if (container === undefined) this.value = value;
    else if (Array.isArray(container)) container.push(value);
    else setOwn(container, this.#keys.pop()!, value);
  }
}

/** Sets a key as data, `__proto__` too. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
}

/** Where a value stands, and its members. */
interface JsonPlace {
  value: Span;
  key?: Span;
  members?: Map<string, JsonPlace>;
  items?: JsonPlace[];
}

class PlaceRecorder implements JsonVisitor {
  root: JsonPlace = { value: { start: 0, end: 0 } };
  readonly #open: JsonPlace[] = [];
  #name = '';
  #key: Span | undefined;

  open(isArray: boolean, start: number): void {
    const place = this.#add({ start, end: start });
    if (isArray) place.items = [];
    else place.members = new Map();
    this.#open.push(place);
  }

  key(name: string, start: number, end: number): void {
    this.#name = name;
    this.#key = { start, end };
  }

  scalar(_value: unknown, start: number, end: number): void {
    this.#add({ start, end });
  }

  close(end: number): void {
    const place = this.#open.pop()!;
    place.value = { start: place.value.start, end };
  }

  #add(value: Span): JsonPlace {
    const parent = this.#open.at(-1);
    const place: JsonPlace = { value };
    if (!parent) this.root = place;
    else if (parent.items) parent.items.push(place);
    else {
      place.key = this.#key!;
      parent.members!.set(this.#name, place);
    }
    return place;
  }
}

function memberOf(place: JsonPlace, step: string | number): JsonPlace | undefined {
  if (place.items) return place.items[Number(step)];
  return place.members?.get(String(step));
}

function spanOf(root: JsonPlace, path: KeyPath, part: 'key' | 'value'): Span | undefined {
  let place: JsonPlace | undefined = root;
  for (const step of path) {
    place = memberOf(place, step);
    if (!place) return undefined;
  }
  return part === 'key' ? (place.key ?? place.value) : place.value;
}

function closestPlace(root: JsonPlace, path: KeyPath): JsonPlace {
  let place = root;
  for (const step of path) {
    const member = memberOf(place, step);
    if (!member) break;
    place = member;
  }
  return place;
}
