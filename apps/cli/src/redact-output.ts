import type { ErrorDocument } from './describe-error.js';
import type { Surroundings } from './surroundings.js';

type Environment = Surroundings['environment'];

/** Shorter values would be found in every text. */
const SHORTEST = 8;

/** A text that leaves for a screen or a file, without the logins of the environment. */
export async function redactOutput(text: string, environment: Environment): Promise<string> {
  const secrets = secretsOf(environment);
  if (!secrets.some((secret) => text.includes(secret))) return text;
  const { redact } = await import('./redact.js');
  return redact(text, secrets);
}

/** A document that leaves for an agent, likewise. */
export async function redactDocument(document: object, environment: Environment): Promise<object> {
  const secrets = secretsOf(environment);
  const text = JSON.stringify(document);
  if (!secrets.some((secret) => text.includes(secret))) return document;
  const { redactValue } = await import('./redact.js');
  return redactValue(document, secrets) as object;
}

/** An error, with what servers and programs said, without logins and without what looks like one. */
export async function redactError(
  error: ErrorDocument,
  environment: Environment,
): Promise<ErrorDocument> {
  const { redactValue } = await import('./redact.js');
  return redactValue(error, secretsOf(environment)) as ErrorDocument;
}

/** The logins of the environment. */
export function secretsOf(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    /^HOLDFAST_.*(?:TOKEN|_KEY)/.test(name) && value !== undefined && value.length >= SHORTEST
      ? [value]
      : [],
  );
}
