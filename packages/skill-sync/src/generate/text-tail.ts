/** Keeps the last of what a program prints, and counts the rest. */
export class TextTail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #dropped = 0;

  /** @param limit Bytes. */
  constructor(limit = 16_384) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    if (this.#size <= 2 * this.#limit) return;
    const whole = Buffer.concat(this.#chunks);
    const kept = Buffer.from(whole.subarray(-this.#limit));
    this.#dropped += whole.byteLength - kept.byteLength;
    this.#chunks = [kept];
    this.#size = kept.byteLength;
  }

  /** What was kept, without what a terminal would take for a command. */
  text(): string {
    const whole = Buffer.concat(this.#chunks);
    const kept = whole.subarray(-this.#limit);
    const dropped = this.#dropped + whole.byteLength - kept.byteLength;
    const text = kept
      .toString('utf8')
      .replace(/\x1b\[[0-?]*[ -/]*[@-~]/g, '')
      .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
    return dropped === 0 ? text : `… ${dropped} bytes before this are left out\n${text}`;
  }
}
