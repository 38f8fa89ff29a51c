import { listOf, member, textOf } from '../mapping.js';
import type { ModelColumn } from '../project.js';

/** The columns that a model declares; `constraints` are those of the model. */
export function columnsOf(columns: unknown, constraints: unknown): ModelColumn[] {
  const keys = new Set(
    listOf(constraints)
      .filter((constraint) => member(constraint, 'type') === 'primary_key')
      .flatMap((constraint) => listOf(member(constraint, 'columns'))),
  );
  return listOf(columns).flatMap((column) => {
    const name = textOf(member(column, 'name'));
    return name === undefined ? [] : [columnOf(name, column, keys.has(name))];
  });
}

function columnOf(name: string, column: unknown, isKey: boolean): ModelColumn {
  const tests = [...listOf(member(column, 'data_tests')), ...listOf(member(column, 'tests'))].map(
    nameOfTest,
  );
  const types = listOf(member(column, 'constraints')).map((constraint) =>
    member(constraint, 'type'),
  );
  const isPrimaryKey = isKey || types.includes('primary_key');
  const dataType = textOf(member(column, 'data_type'));
  const description = textOf(member(column, 'description'));
  return {
    name,
    ...(dataType !== undefined && dataType !== '' && { dataType }),
    ...(description !== undefined && description !== '' && { description }),
    isRequired: isPrimaryKey || tests.includes('not_null') || types.includes('not_null'),
    isUnique: isPrimaryKey || tests.includes('unique') || types.includes('unique'),
    isPrimaryKey,
  };
}

/** A test stands as its name, or as a mapping from its name to its arguments. */
function nameOfTest(test: unknown): string {
  const [first] = typeof test === 'object' && test !== null ? Object.keys(test) : [];
  const name =
    textOf(test) ?? (first === 'test_name' ? textOf(member(test, 'test_name')) : first) ?? '';
  return name.slice(name.lastIndexOf('.') + 1);
}
