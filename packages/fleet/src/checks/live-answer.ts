/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_PROBLEMS = 20;
const MAX_MESSAGE_LENGTH = 500;

/** What an endpoint says of a model. */
export interface LiveAnswer {
  /** The answer's JSON says `"valid": false`. */
  readonly refused: boolean;
  readonly problems: readonly LiveProblem[];
}

export interface LiveProblem {
  readonly message: string;
  /** A JSON pointer into the model. */
  readonly pointer?: string;
}

/**
 * Reads an answer: a list `errors` of texts or of objects with `message` and a JSON pointer
 * (`instancePath`, `pointer` or `path`, as ajv and RFC 9457 say it), else one `detail`, `message`,
 * `error` or `title`, else the text itself. What was secret in the request is taken out of it.
 */
export async function readAnswer(
  response: Response,
  secrets: readonly string[],
): Promise<LiveAnswer> {
  const text = redact(await readText(response), secrets);
  const json = parse(text);
  if (typeof json !== 'object' || json === null) {
    return { refused: false, problems: text.trim() === '' ? [] : [{ message: shorten(text) }] };
  }
  const answer = json as Record<string, unknown>;
  const { errors } = answer;
  const listed = Array.isArray(errors) ? errors.slice(0, MAX_PROBLEMS).flatMap(readProblem) : [];
  return {
    refused: answer['valid'] === false,
    problems: listed.length > 0 ? listed : readProblem(answer),
  };
}

function readProblem(value: unknown): LiveProblem[] {
  if (typeof value === 'string') return [{ message: shorten(value) }];
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const first = (...keys: string[]) =>
    keys.map((key) => fields[key]).find((field) => typeof field === 'string' && field !== '');
  const message = first('detail', 'message', 'error', 'title');
  if (typeof message !== 'string') return [];
  const pointer = first('instancePath', 'pointer', 'path');
  return [
    {
      message: shorten(message),
      ...(typeof pointer === 'string' && pointer.startsWith('/') ? { pointer } : {}),
    },
  ];
}

async function readText({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole values, and their words: an endpoint may repeat the token without its `Bearer`. */
function redact(text: string, secrets: readonly string[]): string {
  const words = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]);
  return [...new Set(words)]
    .filter((word) => word.length >= 6 && !/^bearer$/i.test(word))
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, word) => redacted.replaceAll(word, '***'), text);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
