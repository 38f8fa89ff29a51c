import type { ErrorDocument } from '../describe-error.js';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { count, indent, shortId, text } from './words.js';

interface AboutRequest {
  readonly target: string;
  readonly number: number;
  readonly title: string;
}

/** What became of one open request, or why those of a target could not be reached. */
export type MergedOrLeft =
  | (AboutRequest & { readonly outcome: 'merged'; readonly commit?: string })
  | (AboutRequest & {
      readonly outcome: 'left';
      readonly reason: string;
      /** The files that stand in the way. */
      readonly paths: readonly string[];
    })
  | { readonly target: string; readonly outcome: 'failed'; readonly error: ErrorDocument };

/** What `requests merge --all` did, a line for each request. */
export function renderMergedAll(results: readonly MergedOrLeft[]): string {
  const number = (outcome: MergedOrLeft['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const parts = [
    `${number('merged')} merged`,
    ...(number('left') > 0 ? [yellow(`${number('left')} left open`)] : []),
    ...(number('failed') > 0 ? [red(`${number('failed')} failed`)] : []),
  ];
  return text([
    ...results.flatMap(renderOne),
    `${bold('Requests:')} ${count(results.length, 'request')}: ${parts.join(', ')}.`,
  ]);
}

function renderOne(result: MergedOrLeft): string[] {
  if (result.outcome === 'failed') return [bold(result.target), ...renderItemError(result.error)];
  const head = `${bold(result.target)} ${bold(`#${result.number}`)}`;
  if (result.outcome === 'merged') {
    const at = result.commit === undefined ? '' : dim(` as ${shortId(result.commit)}`);
    return [`${head} ${green('merged')}${at}  ${result.title}`];
  }
  return [
    `${head} ${yellow('left open')}: ${result.reason}`,
    ...indent(result.paths.map((path) => red(`! ${path}`))),
  ];
}
