import type { ErrorObject } from 'ajv';

/** An error that a document of another version found, which ajv has put into the terms of this one. */
interface ForeignError extends ErrorObject {
  readonly original?: ErrorObject;
}

/**
 * The errors that say what is wrong, without those that only follow from another:
 * - that a conditional's branch failed, and that properties count as unevaluated because what evaluates them failed;
 * - of a value of the wrong type, everything but that;
 * - of alternatives (`anyOf`, `oneOf`), all but the one that the value comes closest to. Where it has the type of none,
 *   one error lists the types; where it comes close to none, one error says so.
 */
export function condenseErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const own = errors.map((error) => (error as ForeignError).original ?? error);
  return withoutRepeats(withoutTypeNoise(withoutConsequences(withoutBranches(own))));
}

/** Errors of branches come before that of their `anyOf`, and so the innermost alternatives are settled first. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (!isAlternative(error)) {
      kept.push(error);
      continue;
    }
    const branches: ErrorObject[] = [];
    while (kept.length > 0 && isOfBranch(kept.at(-1)!, error)) branches.unshift(kept.pop()!);
    for (const settled of settleBranches(branches, error)) kept.push(settled);
  }
  return kept;
}

function isAlternative({ keyword, params }: ErrorObject): boolean {
  if (keyword === 'anyOf') return true;
  // Where several alternatives hold, there are no errors of branches to choose from.
  return keyword === 'oneOf' && (params as { passingSchemas?: unknown }).passingSchemas === null;
}

/** Behind a `$ref` the schema path begins anew; before one, it tells the alternatives' own branches from their neighbours. */
function isOfBranch(candidate: ErrorObject, alternatives: ErrorObject): boolean {
  const { instancePath, schemaPath } = alternatives;
  const isInside =
    candidate.instancePath === instancePath ||
    candidate.instancePath.startsWith(`${instancePath}/`);
  if (!isInside) return false;
  if (candidate.schemaPath.startsWith(`${schemaPath}/`)) return true;
  const [document = ''] = schemaPath.split('/', 1);
  const parent = schemaPath.slice(0, schemaPath.lastIndexOf('/'));
  return !candidate.schemaPath.startsWith(`${parent}/`) || parent === document;
}

function settleBranches(
  branches: readonly ErrorObject[],
  alternatives: ErrorObject,
): readonly ErrorObject[] {
  const { instancePath } = alternatives;
  const own = branches.filter((error) => error.instancePath === instancePath);
  const deeper = branches.filter((error) => error.instancePath !== instancePath);
  const types = own.filter(({ keyword }) => keyword === 'type');
  if (types.length > 0 && deeper.length === 0 && own.length === types.length) {
    return [ofTypes(types, alternatives)];
  }
  const groups = groupBranches(branches, alternatives);
  const close = groups.filter((group) => !group.some((error) => rulesOut(error, instancePath)));
  const [best, second] = close.sort((a, b) => a.length - b.length);
  if (best) return second && second.length === best.length ? [alternatives] : best;
  const ofType = groups.filter(
    (group) =>
      !group.some(({ keyword, instancePath: at }) => keyword === 'type' && at === instancePath),
  );
  return ofType.length === 1 ? ofType[0]! : [alternatives];
}

/** What makes a branch another kind of value altogether. */
function rulesOut({ keyword, instancePath }: ErrorObject, at: string): boolean {
  const isOwn = instancePath === at;
  if (isOwn) return ['type', 'const', 'enum', 'required', 'additionalProperties'].includes(keyword);
  // A property that tells the alternatives apart, such as `kind`.
  return ['const', 'enum'].includes(keyword) && !instancePath.slice(at.length + 1).includes('/');
}

/** Branches by their number in the alternatives; what stands behind a `$ref` goes with what is before it. */
function groupBranches(
  branches: readonly ErrorObject[],
  { schemaPath }: ErrorObject,
): ErrorObject[][] {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of branches) {
    const isDirect = error.schemaPath.startsWith(`${schemaPath}/`);
    const [document = ''] = error.schemaPath.split('/', 1);
    const key = isDirect
      ? error.schemaPath.slice(schemaPath.length + 1).split('/', 1)[0]!
      : `${document} ${error.schemaPath.split('/').slice(1, 3).join('/')}`;
    const group = groups.get(key);
    if (group) group.push(error);
    else groups.set(key, [error]);
  }
  return [...groups.values()];
}

function ofTypes(types: readonly ErrorObject[], alternatives: ErrorObject): ErrorObject {
  const names = types.flatMap(({ params }) => (params as { type: string | string[] }).type);
  const type = [...new Set(names)];
  return { ...alternatives, keyword: 'type', params: { type }, data: types[0]!.data };
}

function withoutConsequences(errors: readonly ErrorObject[]): ErrorObject[] {
  const causes = errors.filter(
    ({ keyword }) => keyword !== 'if' && !keyword.startsWith('unevaluated'),
  );
  const failed = new Set<string>();
  for (const { instancePath } of causes) {
    for (let path = instancePath; !failed.has(path); path = path.slice(0, path.lastIndexOf('/'))) {
      failed.add(path);
      if (path === '') break;
    }
  }
  const unexplained = errors.filter(
    ({ keyword, instancePath }) => keyword.startsWith('unevaluated') && !failed.has(instancePath),
  );
  return [...causes, ...unexplained];
}

/** A value that is of the wrong type is wrong in that alone. */
function withoutTypeNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  const wrongType = new Map<string, ErrorObject>();
  for (const error of errors) {
    if (error.keyword === 'type' && !wrongType.has(error.instancePath)) {
      wrongType.set(error.instancePath, error);
    }
  }
  return errors.filter((error) => {
    const cause = wrongType.get(error.instancePath);
    return cause === undefined || cause === error;
  });
}

/** Several ways through a schema may lead to the same complaint. */
function withoutRepeats(errors: readonly ErrorObject[]): ErrorObject[] {
  const seen = new Set<string>();
  return errors.filter(({ instancePath, keyword, params }) => {
    const key = JSON.stringify([instancePath, keyword, params]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
