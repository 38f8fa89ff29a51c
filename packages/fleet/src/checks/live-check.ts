import type { LiveCheck } from '@holdfast/manifest';
import { parsePointer } from '@holdfast/text';
import type { Check, CheckInput, Finding, ValidationFile } from '@holdfast/validation';
import { count } from '../count.js';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';
import { readAnswer } from './live-answer.js';

/** Larger models are not sent. */
const MAX_MODEL_BYTES = 8 * 1024 * 1024;
const AT_ONCE = 4;
const MAX_REDIRECTS = 3;

/** Answers that are about the model; any other failure is about the endpoint. */
const REJECTIONS = new Set([400, 409, 413, 422]);

/** A check over HTTP, and why it could not be done. */
export interface LiveRun {
  readonly check: Check;
  readonly failure: () => FleetError | undefined;
}

export interface LiveOptions extends Pick<FleetSurroundings, 'environment' | 'signal'> {
  /** The row of the report. */
  readonly id: string;
  /** Where the configuration has the endpoint, for messages. */
  readonly key: string;
  /** Whether the configuration names a file as a model; absent where it names none. */
  readonly isNamed: ((path: string) => boolean) | undefined;
  /** Whether the configuration binds a schema to a file. */
  readonly isBound: (path: string) => boolean;
}

/**
 * Sends each model (the files that the configuration names, else those that follow a schema) to the
 * configured endpoint and reports its answer: 2xx accepts (unless its JSON
 * says `"valid": false`), 400, 409, 413 and 422 reject; anything else means that the endpoint cannot
 * be asked, and ends the check. Header values come from the environment and appear nowhere.
 *
 * Findings: `live/rejected`, `live/too-large`.
 */
export function createLiveCheck(live: LiveCheck, options: LiveOptions): LiveRun {
  let failure: FleetError | undefined;
  return {
    failure: () => failure,
    check: {
      id: options.id,
      needs: ['files'],
      failureAction: 'block',
      async run(input) {
        try {
          return await askAll(live, input, options);
        } catch (error) {
          failure =
            error instanceof FleetError ? error : unreachable({ live, key: options.key }, error);
          throw failure;
        }
      },
    },
  };
}

async function askAll(live: LiveCheck, input: CheckInput, options: LiveOptions) {
  const headers = readHeaders(live, options);
  const { isNamed } = options;
  const models = input.files.filter((file) =>
    isNamed ? isNamed(file.path) : options.isBound(file.path) || namesSchema(file, input),
  );
  const findings: Finding[] = [];
  const queue = models.values();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);

  async function askNext(): Promise<void> {
    for (const model of queue) {
      for (const one of await askOne(model, { live, key: options.key, headers, signal, input }))
        findings.push(one);
    }
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  } finally {
    stop.abort();
  }
  const rejected = new Set(findings.map(({ path }) => path)).size;
  return {
    findings,
    details: `${count(models.length - rejected, 'model')} accepted, ${rejected} rejected`,
    skipped: models.length === 0,
  };
}

function namesSchema(file: ValidationFile, { documents }: CheckInput): boolean {
  const value = documents.data(file)?.values[0]?.value;
  if (typeof value !== 'object' || value === null || !('$schema' in value)) return false;
  const { $schema } = value;
  return typeof $schema === 'string' && !/^https?:\/\/json-schema\.org\//.test($schema);
}

/** An endpoint and where the configuration has it. */
interface Endpoint {
  readonly live: LiveCheck;
  readonly key: string;
}

interface Request extends Endpoint {
  readonly headers: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  readonly input: CheckInput;
}

async function askOne(model: ValidationFile, request: Request): Promise<Finding[]> {
  const { path, content } = model;
  if (content.length > MAX_MODEL_BYTES) {
    const message = `it has ${content.length} bytes, more than the ${MAX_MODEL_BYTES} that are sent`;
    return [{ ruleId: 'live/too-large', severity: 'error', message, path }];
  }
  const { live, headers } = request;
  const response = await send(model, request);
  const answer = await readAnswer(response, [...headers.values()]);
  if (response.ok && !answer.refused) return [];
  if (!response.ok && !REJECTIONS.has(response.status)) {
    throw unusable(request, `answered ${response.status} to ${path}`, response.status);
  }
  const problems = answer.problems.length > 0 ? answer.problems : [{ message: 'it is not valid' }];
  const value = request.input.documents.data(model)?.values[0];
  return problems.map(({ message, pointer }) => {
    const span = pointer === undefined ? undefined : value?.closestSpan(parsePointer(pointer));
    const lines = span && request.input.documents.text(model)?.lines;
    return {
      ruleId: 'live/rejected',
      severity: 'error',
      message: `${new URL(live.url).host} answered ${response.status}: ${message}`,
      path,
      ...(span && lines ? { range: lines.rangeAt(span.start, span.end) } : {}),
      data: { status: response.status, ...(pointer === undefined ? {} : { pointer }) },
    };
  });
}

/** Redirects are followed as they were asked, and only where they stay on the same host. */
async function send(model: ValidationFile, request: Request): Promise<Response> {
  const { live, headers, signal } = request;
  let url = new URL(live.url);
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(url, {
      method: live.method,
      headers: headersFor(model, headers),
      body: Uint8Array.from(model.content),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(live.timeout_seconds * 1000)]),
    });
    if (response.status < 300 || response.status > 399) return response;
    const next = URL.parse(response.headers.get('location') ?? '', url.href);
    await response.body?.cancel();
    const kept = response.status === 307 || response.status === 308;
    if (!kept || next?.origin !== url.origin || hops === MAX_REDIRECTS) {
      const where = next && next.origin !== url.origin ? ` to ${next.origin}` : '';
      throw unusable(
        request,
        `answered ${response.status}, a redirect${where} that is not followed`,
      );
    }
    url = next;
  }
}

function headersFor({ path }: ValidationFile, own: ReadonlyMap<string, string>): Headers {
  const headers = new Headers({
    'content-type': /\.ya?ml$/i.test(path) ? 'application/yaml' : 'application/json',
    accept: 'application/json',
    'user-agent': 'holdfast',
  });
  for (const [name, value] of own) headers.set(name, value);
  return headers;
}

function readHeaders(
  { headers_from_env: names }: LiveCheck,
  { environment, key }: Pick<LiveOptions, 'environment' | 'key'>,
): Map<string, string> {
  return new Map(
    Object.entries(names).map(([header, variable]) => {
      const value = environment[variable];
      if (value === undefined || value === '') {
        throw new FleetError(
          'live-failed',
          `the variable ${variable} for the header ${header} is not set`,
          {
            blame: 'environment',
            hint: `set it: ${key}.headers_from_env of the configuration names it`,
          },
        );
      }
      // What fetch says of a bad value would repeat it.
      if (/[^\t\x20-\x7e]/.test(value)) {
        throw new FleetError('live-failed', `the variable ${variable} holds what no header can`, {
          blame: 'environment',
          hint: 'it must be one line of ASCII; a line feed at its end is a usual mistake',
        });
      }
      return [header, value];
    }),
  );
}

function unreachable(endpoint: Endpoint, error: unknown): FleetError {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  const timedOut = name === 'TimeoutError';
  const why = timedOut
    ? `did not answer within ${endpoint.live.timeout_seconds} s`
    : `cannot be reached (${cause?.code ?? message})`;
  return unusable(endpoint, why);
}

function unusable({ live, key }: Endpoint, why: string, status?: number): FleetError {
  const hint =
    status === 401 || status === 403
      ? `check the token in the environment: ${key}.headers_from_env says which variable`
      : `see that ${key}.url is right and up; ${key === 'validation.live' ? 'without --live' : 'with --offline'} nothing is sent`;
  return new FleetError('live-failed', `the endpoint ${new URL(live.url).origin} ${why}`, {
    blame: 'environment',
    hint,
  });
}
