/**
 * Gives equal values the same number, however they are written: a value is asked for by its parts' numbers,
 * so that comparing two trees costs one comparison. Maps are equal in any order of their keys.
 */
export class ValueInterner {
  #ids = new Map<string, number>();

  /** What a reader has made of parts of the texts so far, by what they are written as. */
  readonly memory = new Map<string, unknown>();

  /** @param key different for different scalars */
  scalar(key: string): number {
    return this.#intern(`s${key}`);
  }

  map(entries: Iterable<readonly [key: string, id: number]>): number {
    const parts = [...entries].map(([key, id]) => `${this.#intern(`k${key}`)}:${id}`);
    return this.#intern(`m${parts.sort().join()}`);
  }

  sequence(ids: Iterable<number>): number {
    return this.#intern(`q${[...ids].join()}`);
  }

  /** The value `id` under an anchor or a tag; without, the same. */
  marked(mark: string, id: number): number {
    return mark === '' ? id : this.#intern(`t${mark} ${id}`);
  }

  #intern(key: string): number {
    const id = this.#ids.get(key) ?? this.#ids.size;
    if (id === this.#ids.size) this.#ids.set(key, id);
    return id;
  }
}

/** One spelling for all spellings of a decimal number, however many digits it has; others stay as they are. */
export function canonicalNumber(source: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(source);
  if (match === null) return source;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '0';
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
