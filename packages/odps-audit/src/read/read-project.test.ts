import { expect, it } from 'vitest';
import { auditFiles, goodProject, readFolder, repository, type Files } from '../../test/sandbox.js';

it.each([
  ['no model-paths', 'name: x\n', ['models']],
  ['several', 'name: x\nmodel-paths: [transform, ./models/]\n', ['transform', 'models']],
  ['the old name', 'name: x\nsource-paths: ["src"]\n', ['src']],
  ['paths that lead out', 'name: x\nmodel-paths: [../x, /y, .git]\n', ['models']],
])('finds models by %s', async (_name, definition, expected) => {
  expect((await readFolder({ 'dbt_project.yml': definition })).modelPaths).toEqual(expected);
});

it('looks for layout and contracts in every model path', async () => {
  const moved = Object.entries(goodProject).map(([path, text]) => [
    path.replace(/^models\//, 'transform/'),
    typeof text === 'string'
      ? text.replaceAll('models/output_ports', 'transform/output_ports')
      : text,
  ]);
  const files: Files = {
    ...(Object.fromEntries(moved) as Files),
    'dbt_project.yml': `${goodProject['dbt_project.yml'] as string}model-paths: [transform, more]\n`,
  };
  expect((await auditFiles(files, { git: repository })).isWellIntegrated).toBe(true);
});

it('reads no Jinja as anything but text', async () => {
  const definition = `name: shop\nmodels:\n  shop:\n    +materialized: "{{ 'table' if target.type == 'x' else 'view' }}"\n    output_ports: {+materialized: "{{ var('kind') }}"}\n`;
  const { artifacts } = await auditFiles(
    { ...goodProject, 'dbt_project.yml': definition },
    { git: repository },
  );
  expect(artifacts[4]).toMatchObject({ artifact: 'layout', status: 'present' });
});
