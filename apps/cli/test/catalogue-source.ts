import type { Files } from './sandbox.js';

/** A model as the catalogue has it. */
export interface Model {
  readonly name: string;
  readonly description?: string;
  readonly fields: Record<string, object>;
  readonly relationships?: readonly { name: string; to: string; cardinality: string }[];
}

/** One commit of the source. */
export interface Step {
  readonly message: string;
  readonly files: Files;
}

const SUBJECTS = [
  ...['member', 'loan_application', 'credit_score', 'account', 'address', 'employment', 'income'],
  ...['expense', 'asset', 'liability', 'document', 'consent', 'identity', 'device', 'session'],
  ...['lender', 'product', 'rate', 'fee', 'offer', 'contract', 'repayment', 'schedule', 'arrears'],
  ...['broker', 'branch', 'referral', 'campaign', 'lead', 'quote', 'valuation', 'property'],
  ...['vehicle', 'guarantor', 'dependant', 'bank_statement', 'transaction', 'category', 'merchant'],
  ...['subscription', 'notification', 'message', 'ticket', 'audit_event', 'feature_flag'],
  ...['experiment', 'partner', 'webhook', 'invoice', 'payout'],
];

const CATEGORIES = [
  ...['serviceability', 'filters', 'lookups', 'affordability', 'risk', 'eligibility', 'pricing'],
  ...['compliance', 'marketing', 'reporting', 'fraud', 'retention'],
];

/** A JSON file as the catalogue writes it. */
export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A model by the types of its fields. */
export function model(name: string, fields: Record<string, string>): string {
  const described = Object.entries(fields).map(([key, type]) => [key, { type }]);
  return json({ name, fields: Object.fromEntries(described) as object });
}

function modelOf(name: string, index: number): Model {
  return {
    name,
    description: `One ${name.replaceAll('_', ' ')}.`,
    fields: {
      id: { type: 'string', required: true },
      created_at: { type: 'datetime' },
      value: { type: 'number', minimum: 0 },
      status: { type: 'string', values: ['draft', 'open', 'closed'] },
      ...(name === 'member' ? { email: { type: 'string' }, age: { type: 'integer' } } : {}),
      ...(name === 'loan_application' ? { amount: { type: 'number' } } : {}),
      ...(index > 0 ? { member_id: { type: 'string' } } : {}),
    },
    ...(index > 0
      ? { relationships: [{ name: 'member', to: 'member', cardinality: 'many_to_one' }] }
      : {}),
  };
}

/** The types that the models of the source follow. */
const TYPES = `import type { Field } from './field.js';

/** A model of the catalogue. */
export interface Model {
  name: string;
  description?: string;
  fields: { [name: string]: Field };
  relationships?: Relationship[];
}

export interface Relationship {
  name: string;
  to: string;
  cardinality: 'one_to_one' | 'one_to_many' | 'many_to_one' | 'many_to_many';
}
`;

const FIELD = `export interface Field {
  type: 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'datetime';
  required?: boolean;
  minimum?: number;
  maximum?: number;
  values?: string[];
}
`;

/**
 * The files of a source in the form of the specification: 50 models, 12 categories of derivations with
 * two each, TypeScript types, and documents that link to models and name their fields.
 */
export function sourceFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'docs/INDEX.md': [
      '# Index',
      '',
      ...SUBJECTS.map((name) => `- [${name}](../models/${name}/_root.json)`),
      '',
      'A loan is for `loan_application.amount`, see also [how it is built](build.md).',
      '',
    ].join('\n'),
    'docs/build.md': '# Build\n',
    'CLAUDE.md': '# For agents\n\nBegin at [the index](docs/INDEX.md).\n',
    'src/types/model.ts': TYPES,
    'src/types/field.ts': FIELD,
    'package.json': json({ name: 'brightmatch-data-catalogue', private: true }),
  };
  SUBJECTS.forEach((name, index) => {
    files[`models/${name}/_root.json`] = json(modelOf(name, index));
  });
  CATEGORIES.forEach((category, index) => {
    for (const part of ['amount', 'share']) {
      const subject = SUBJECTS[index * 2 + (part === 'share' ? 1 : 0)] ?? 'member';
      files[`derivations/${category}/${part}.json`] = json({
        name: `${category}_${part}`,
        inputs: [`${subject}.value`, `${subject}.status`],
        output: 'number',
        expression: `round(${subject}.value * 2)`,
      });
    }
  });
  return files;
}

/** Twenty commits of the kinds that such a source sees, one after the other. */
export function sourceHistory(): Step[] {
  const files = sourceFiles();
  const steps: Step[] = [];
  const read = (name: string) => JSON.parse(files[`models/${name}/_root.json`] ?? '') as Model;
  const commit = (message: string, changes: Record<string, string | null>) => {
    for (const [path, text] of Object.entries(changes))
      if (text === null) delete files[path];
      else files[path] = text;
    steps.push({ message, files: changes });
  };
  const change = (message: string, name: string, fields: (fields: Model['fields']) => object) => {
    const before = read(name);
    const after = { ...before, fields: fields(before.fields) };
    commit(message, { [`models/${name}/_root.json`]: json(after) });
  };
  const add = (name: string, type: string) =>
    change(`Add ${name}.notes`, name, (fields) => ({ ...fields, notes: { type } }));

  add('member', 'string');
  change('Narrow account.value', 'account', (fields) => ({
    ...fields,
    value: { type: 'integer', minimum: 0 },
  }));
  change('Widen rate.value', 'rate', (fields) => ({ ...fields, value: { type: 'number' } }));
  commit('Reword the index', {
    'docs/INDEX.md': `${files['docs/INDEX.md'] ?? ''}\nSee also \`rate.value\`.\n`,
  });
  change('Require lender.status', 'lender', (fields) => ({
    ...fields,
    status: { ...fields['status'], required: true },
  }));
  change('New status of quotes', 'quote', (fields) => ({
    ...fields,
    status: { type: 'string', values: ['draft', 'open', 'closed', 'expired'] },
  }));
  commit('Add model goal', { 'models/goal/_root.json': json(modelOf('goal', 1)) });
  commit('Add a derivation', {
    'derivations/risk/score.json': json({
      name: 'risk_score',
      inputs: ['member.age'],
      output: 'integer',
      expression: 'member.age > 18 ? 1 : 0',
    }),
  });
  commit('Types: a field may be unique', {
    'src/types/field.ts': FIELD.replace('minimum', 'unique?: boolean;\n  minimum'),
  });
  commit('Remove webhook', {
    'models/webhook/_root.json': null,
    'docs/INDEX.md': (files['docs/INDEX.md'] ?? '').replace(/^.*webhook.*\n/m, ''),
  });
  commit('Format payout', {
    'models/payout/_root.json': JSON.stringify(read('payout')),
  });
  add('broker', 'string');
  change('Drop fee.created_at', 'fee', ({ created_at: _gone, ...fields }) => fields);
  commit('Rename ticket to case', {
    'models/ticket/_root.json': null,
    'models/case/_root.json': json({ ...read('ticket'), name: 'case' }),
    'docs/INDEX.md': (files['docs/INDEX.md'] ?? '').replaceAll('ticket', 'case'),
  });
  commit('Build', { 'docs/build.md': '# Build\n\nRun it.\n' });
  change('Bound income.value', 'income', (fields) => ({
    ...fields,
    value: { type: 'number', minimum: 0, maximum: 1_000_000 },
  }));
  commit('Other formula', {
    'derivations/fraud/share.json': json({
      name: 'fraud_share',
      inputs: ['rate.value'],
      output: 'number',
      expression: 'rate.value / 100',
    }),
  });
  add('offer', 'string');
  change('Unique is used', 'identity', (fields) => ({
    ...fields,
    id: { type: 'string', required: true, unique: true },
  }));
  commit('For agents', {
    'CLAUDE.md': '# For agents\n\nBegin at [the index](docs/INDEX.md). Ask first.\n',
  });
  return steps;
}
