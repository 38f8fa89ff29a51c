/** The headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** One answer of a server whose body was read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The parsed JSON; undefined when there is no body or the body is something else. */
  readonly body: unknown;
  /** The beginning of a body that is no JSON. */
  readonly text: string;
}

/** Why there is no answer. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly reason: string;
  readonly cause?: unknown;
}

/** More than any answer that is used here has; in bytes. */
export const answerLimit = 16 * 1024 * 1024;

/** How much of a body that is no JSON is kept for a message. */
const excerptLength = 200;

/** Reads a response whole; an answer that is cut off, or larger than the limit, is none. */
export async function readAnswer(response: Response): Promise<Answer | NoAnswer> {
  const headers = Object.fromEntries(response.headers);
  const bytes = await readBytes(response);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const text = new TextDecoder().decode(bytes);
  const { status } = response;
  if (text === '') return { status, headers, body: undefined, text };
  try {
    return { status, headers, body: JSON.parse(text), text: '' };
  } catch {
    return { status, headers, body: undefined, text: text.slice(0, excerptLength).toWellFormed() };
  }
}

async function readBytes(response: Response): Promise<Uint8Array | NoAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength;
      if (length > answerLimit) {
        return { kind: 'no-answer', reason: `it has more than ${answerLimit} bytes` };
      }
      chunks.push(chunk);
    }
  } catch (error) {
    return { kind: 'no-answer', reason: 'it was cut off', cause: error };
  }
  return Buffer.concat(chunks);
}
