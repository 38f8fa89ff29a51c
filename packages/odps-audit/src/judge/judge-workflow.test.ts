import { expect, it } from 'vitest';
import type { Project } from '../project.js';
import { createSourceFile } from '../read/source-file.js';
import { findWorkflows } from './judge-workflow.js';

function isFound(repositoryPath: string, text: string): boolean {
  const path = '.github/workflows/publish.yml';
  const workflows = new Map([[path, createSourceFile(path, new TextEncoder().encode(text))]]);
  const product = { id: 'shop' } as Parameters<typeof findWorkflows>[1];
  return findWorkflows({ workflows, repositoryPath } as unknown as Project, product).length === 1;
}

const publish = (more: string) =>
  `on: push\njobs:\n  a:\n    runs-on: x\n${more}    steps:\n      - run: dbt-ol run && entropy-data dataproducts put jaffle_shop --file jaffle_shop.odps.yaml\n`;
const inFolder = (folder: string) =>
  `    defaults:\n      run:\n        working-directory: ${folder}\n`;

it.each([
  ['dbt', publish(inFolder('dbt_market')), false],
  ['data', publish(inFolder('market')), false],
  ['a', publish(''), false],
  ['dbt', publish(inFolder('./dbt/')), true],
  ['teams/a.b', publish('    if: x\n    env: {P: teams/a.b/target}\n'), true],
  ['teams/a.b', publish('    env: {P: teams/aXb/target}\n'), false],
  ['dbt', publish('').replace('dbt-ol run', 'dbt-ol run --project-dir dbt'), true],
  ['dbt', publish('').replace('dbt-ol run', 'cd dbt && dbt-ol run'), true],
  ['dbt', publish('').replaceAll('jaffle_shop', 'shop'), true],
  ['dbt', publish(inFolder('other')).replaceAll('jaffle_shop', 'shop'), false],
])('of the project in %s: workflow %#', (folder, text, expected) => {
  expect(isFound(folder, text)).toBe(expected);
});
