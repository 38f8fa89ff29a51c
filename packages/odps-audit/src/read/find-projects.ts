import { walkFolder } from './walk-folder.js';

/** Folders that hold no project of their own: packages, build results, tests of packages, environments. */
const NOT_OURS = new Set([
  'dbt_packages',
  'dbt_modules',
  'target',
  'logs',
  'node_modules',
  'site-packages',
  'venv',
  '__pycache__',
]);

/**
 * The dbt projects in a folder: the folders, relative to it, that hold a `dbt_project.yml`, sorted; `''` is the folder
 * itself. Projects in `dbt_packages/`, `target/` and `integration_tests…/` are none, nor are those in hidden folders.
 */
export async function findProjects(root: string): Promise<string[]> {
  const { files } = await walkFolder(root, {
    enter: (_path, name) =>
      !name.startsWith('.') && !name.startsWith('integration_test') && !NOT_OURS.has(name),
    maxDepth: 12,
  });
  return files
    .filter((path) => path === 'dbt_project.yml' || path.endsWith('/dbt_project.yml'))
    .map((path) => path.slice(0, -'dbt_project.yml'.length).replace(/\/$/, ''))
    .sort();
}
