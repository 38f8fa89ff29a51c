import { formatFindings } from '@holdfast/manifest';
import type { Finding } from '@holdfast/sync';
import type { SchemaState } from '@holdfast/type-schemas';
import { bold, dim, green, red, yellow } from '../markup.js';
import { count, text } from './words.js';

/** What `schemas extract` wrote. */
export function renderExtraction(
  out: string,
  states: readonly SchemaState[],
  findings: readonly Finding[],
): string {
  const current = states.filter(({ state }) => state === 'current').length;
  const written = states.length - current - states.filter(isObsolete).length;
  return text([
    ...states.flatMap((schema) => renderWritten(schema, out)),
    ...(findings.length > 0 ? [formatFindings(findings)] : []),
    `${bold('Schemas:')} ${count(written, 'file')} written, ${current} as they were.`,
  ]);
}

function isObsolete({ state }: SchemaState): boolean {
  return state === 'obsolete';
}

function renderWritten({ name, state }: SchemaState, out: string): string[] {
  const path = pathIn(out, name);
  switch (state) {
    case 'current':
      return [];
    case 'missing':
      return [green(`+ ${path}`)];
    case 'stale':
      return [yellow(`~ ${path}`)];
    case 'edited':
      return [yellow(`~ ${path}  (it had been edited)`)];
    case 'obsolete':
      return [red(`! ${path}  no type has it any more: delete it`)];
  }
}

/** How the schemas of a folder stand to their sources. */
export function renderStates(out: string, states: readonly SchemaState[]): string {
  const stale = states.filter(({ state }) => state !== 'current');
  if (stale.length === 0) return text([`${count(states.length, 'schema')} up to date.`]);
  return text([
    ...stale.map((schema) => renderState(schema, out)),
    `${bold('Schemas:')} ${stale.length} of ${states.length} out of date.`,
    'Write them anew with: holdfast schemas extract',
  ]);
}

const words: Record<Exclude<SchemaState['state'], 'current'>, string> = {
  stale: 'its sources changed since it was extracted',
  edited: 'it was edited by hand',
  missing: 'its type has no schema yet',
  obsolete: 'no type has it any more',
};

function renderState({ name, state, gone = [] }: SchemaState, out: string): string {
  if (state === 'current') return '';
  const missing = gone.length > 0 ? dim(` (gone: ${gone.join(', ')})`) : '';
  return `${red(`! ${pathIn(out, name)}`)}  ${words[state]}${missing}`;
}

function pathIn(folder: string, name: string): string {
  return `${folder.replace(/\/+$/, '')}/${name}`;
}
