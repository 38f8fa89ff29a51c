import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The dbt project that the README's snippet audits. */
export function prepareReadme(folder) {
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'dbt_project.yml'), 'name: jaffle_shop\n');
  writeFileSync(join(folder, 'models/orders.sql'), 'select 1 as order_id\n');
  writeFileSync(
    join(folder, 'models/schema.yml'),
    'models:\n  - name: orders\n    columns:\n      - name: order_id\n        data_type: integer\n',
  );
}
