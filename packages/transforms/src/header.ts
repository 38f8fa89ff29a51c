import { digestOf } from '@holdfast/text';
import { commentSyntax, lineEndingOf, topOf, writeComment } from './comment-syntax.js';
import { findFrontMatter } from './front-matter.js';
import type { Transform, TransformContext, TransformInput, TransformResult } from './transform.js';

/** `header`: a notice at the top of each file, in a comment. */
export interface HeaderSettings {
  /**
   * Its lines. `{source}`, `{path}`, `{rule}`, `{namespace}` stand for the source's name, the file's
   * path there, the rule's id and the namespace.
   */
  text?: string | undefined;
}

const notice =
  'Delivered from {source} ({path}): do not edit here. Change it there, or override it in .{namespace}-overrides/.';

/**
 * Puts a notice at the top of each file, below front matter, a `#!` line and their like. A file whose
 * format has no comments is left alone.
 */
export function createHeader({ text = notice }: HeaderSettings, namespace: string): Transform {
  const write = ({ source, sourcePath, ruleId }: TransformContext) => {
    const values: Record<string, string> = {
      source: source.name,
      path: sourcePath,
      rule: ruleId,
      namespace,
    };
    return text
      .trimEnd()
      .split(/\r\n|\n|\r/)
      .map((line) =>
        line.replace(/\{(source|path|rule|namespace)\}/g, (_, name: string) =>
          oneLine(values[name]),
        ),
      );
  };
  return {
    name: 'header',
    reversible: true,
    digest: digestOf({ header: text, namespace }),
    dependsOn: ['source', 'paths', 'rule'],
    describe: () => 'header: a notice at the top of each file that has comments',
    transform: (input, context) => addTopComment(input, write(context)),
    reverse: (input, context) => removeTopComment(input, write(context)),
  };
}

function oneLine(value: string | undefined): string {
  return (value ?? '').replace(/[\r\n]/g, ' ');
}

/** Adds a comment at the top, unless the very same is there. */
export function addTopComment(input: TransformInput, lines: readonly string[]): TransformResult {
  const place = placeComment(input, lines);
  if (place === undefined) return { kind: 'not-applied', reason: 'no-comment-syntax' };
  const { at, comment } = place;
  if (input.text.startsWith(comment, at)) return { kind: 'edited', edits: [] };
  return { kind: 'edited', edits: [{ start: at, end: at, text: comment }] };
}

/** Takes that comment away again. */
export function removeTopComment(input: TransformInput, lines: readonly string[]): TransformResult {
  const place = placeComment(input, lines);
  if (place === undefined) return { kind: 'not-applied', reason: 'no-comment-syntax' };
  const { at, comment } = place;
  if (!input.text.startsWith(comment, at)) return { kind: 'edited', edits: [] };
  return { kind: 'edited', edits: [{ start: at, end: at + comment.length, text: '' }] };
}

function placeComment({ text, kind }: TransformInput, lines: readonly string[]) {
  const syntax = commentSyntax(kind);
  if (syntax === undefined) return undefined;
  const lineEnding = lineEndingOf(text);
  const comment = writeComment(lines, syntax, lineEnding) + lineEnding;
  const frontMatter = kind === 'markdown' ? findFrontMatter(text) : undefined;
  return { at: frontMatter?.end ?? topOf(text), comment };
}
