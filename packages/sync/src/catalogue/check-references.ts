import { readModels } from '@holdfast/catalog-diff/models';
import type { Derivation, Entity } from '@holdfast/catalog-diff/models';
import { readModelFiles } from '../compare-meaning.js';
import type { MeaningfulFiles } from '../compare-meaning.js';
import { findMentions, isDocument } from '../find-mentions.js';

/** Something of a catalogue that leads to nothing in it. */
export interface ReferenceProblem {
  /** The file that refers. */
  readonly path: string;
  /** `document`: a word of prose, which may mean something else. */
  readonly kind: 'relationship' | 'derivation' | 'document';
  readonly message: string;
  /** What refers, as the file writes it. */
  readonly word: string;
  /** The file of the model that lacks what is referred to; absent where there is no such model. */
  readonly about?: string;
}

/**
 * What does not fit together in a catalogue: a relationship that leads to no model, a derivation that
 * reads a model or field that is not there, a document that names a field that its model does not have.
 * Words of an expression count only where they begin with the name of a model.
 */
export async function checkReferences(files: MeaningfulFiles): Promise<ReferenceProblem[]> {
  const paths = [...files.keys()].sort();
  const { models, unreadable } = await readModelFiles(
    files,
    paths.filter((path) => path.endsWith('.json')),
  );
  const read = readModels(models);
  const known: Known = { entities: new Map(), others: new Set(unreadable.flatMap(namesOfFile)) };
  for (const model of read) {
    if (model.kind === 'entity') known.entities.set(model.name, model);
    else for (const name of [model.name, ...namesOfFile(model.path)]) known.others.add(name);
  }
  const found: ReferenceProblem[] = [];
  for (const model of read) {
    const problems =
      model.kind === 'entity' ? checkRelationships(model, known) : checkReads(model, known);
    for (const problem of problems) found.push(problem);
  }
  for (const path of paths.filter(isDocument)) {
    const content = await files.get(path)?.read();
    if (!content) continue;
    const problems = checkDocument(path, new TextDecoder().decode(content), known);
    for (const problem of problems) found.push(problem);
  }
  return found.sort((a, b) =>
    a.path === b.path ? compare(a.message, b.message) : compare(a.path, b.path),
  );
}

interface Known {
  readonly entities: Map<string, Entity>;
  /** What may be read as well: derivations, the folders that they lie in, and what cannot be parsed. */
  readonly others: Set<string>;
}

function namesOfFile(path: string): string[] {
  const [file = '', folder = ''] = path.split('/').reverse();
  return [file.replace(/\.[^.]*$/, ''), folder];
}

function checkRelationships(entity: Entity, { entities, others }: Known): ReferenceProblem[] {
  return [...entity.relationships].flatMap(([name, { to }]): ReferenceProblem[] =>
    to === '' || entities.has(to) || others.has(to)
      ? []
      : [
          {
            path: entity.path,
            kind: 'relationship',
            message: `relationship ${name} leads to ${to}, which no model is`,
            word: to,
          },
        ],
  );
}

function checkReads(derivation: Derivation, { entities, others }: Known): ReferenceProblem[] {
  const found: ReferenceProblem[] = [];
  for (const reads of derivation.reads) {
    const [name = '', field] = reads.split(/[.[]/);
    if (field === undefined) continue;
    const entity = entities.get(name);
    if (entity) {
      if (lacks(entity, field))
        found.push({
          path: derivation.path,
          kind: 'derivation',
          message: `reads ${reads}, and ${name} has no field ${field}`,
          word: reads,
          about: entity.path,
        });
    } else if (derivation.declared.has(reads) && !others.has(name)) {
      found.push({
        path: derivation.path,
        kind: 'derivation',
        message: `reads ${reads}, and no model is named ${name}`,
        word: reads,
      });
    }
  }
  return found;
}

/** What looks like a file, such as `member.json`, names no field. */
const FILE_ENDINGS = new Set(['json', 'md', 'sh', 'ts', 'js', 'yaml', 'yml', 'sql', 'csv', 'txt']);

function checkDocument(path: string, text: string, { entities }: Known): ReferenceProblem[] {
  return [...findMentions(text)].sort().flatMap((mention): ReferenceProblem[] => {
    const [name = '', field] = mention.split('.');
    const entity = entities.get(name);
    if (!entity || field === undefined || FILE_ENDINGS.has(field) || !lacks(entity, field))
      return [];
    const message = `names ${mention}, and ${name} has no field ${field}`;
    return [{ path, kind: 'document', message, word: mention, about: entity.path }];
  });
}

/** A model whose fields are not known, such as a schema of references, lacks nothing. */
function lacks({ fields }: Entity, field: string): boolean {
  return fields.size > 0 && !fields.has(field);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
