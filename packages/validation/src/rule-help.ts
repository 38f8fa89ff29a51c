import type { RuleHelp } from '@holdfast/findings';
import { credentialRules } from './credential-rules.js';
import { internalRules } from './internal-rules.js';
import { privateRules } from './private-rules.js';

const removeSecret =
  'Remove it, and withdraw it where it is valid. If it is none, allow its fingerprint by `allow_secrets` in the rule.';
const removePlace =
  'It leads nowhere for others: remove it. If it may be published, allow it by `allow_secrets` in the rule.';

/** What each rule of the checks is about, and what to do about its findings, by rule id. */
export const ruleHelp: ReadonlyMap<string, RuleHelp> = new Map([
  ...[...credentialRules, ...internalRules].map(({ id, name }) =>
    help(`secret/${id}`, `The text holds ${name}.`, removeSecret),
  ),
  ...privateRules.map(({ id, name }) =>
    help(`private/${id}`, `The text names ${name}.`, removePlace),
  ),
  help('secret/deny-pattern', 'A denied pattern matches.', 'Remove what it matches.'),
  help(
    'checksum/mismatch',
    'A file is not what it must be.',
    'Deliver it again, or find out who changed it.',
  ),
  help('checksum/missing', 'A file that must be there is not.', 'Deliver it again.'),
  help(
    'checksum/unexpected',
    'A file is there that must not be.',
    'Remove it, or have it delivered.',
  ),
  help('input/duplicate-path', 'A path was given more than once.', 'Give each file once.'),
  help(
    'input/too-large',
    'A file is larger than what is read.',
    'Split it, or raise `maxTextBytes`.',
  ),
  help('input/too-deep', 'Quotes and lists nest too deeply.', 'Nest less, or raise `maxDepth`.'),
  help(
    'input/too-costly',
    'A document takes too long to be parsed.',
    'Simplify it, or raise `markdownTimeoutMs`.',
  ),
  help(
    'input/too-many-findings',
    'More findings in a file than are told.',
    'Mend those that are told first.',
  ),
  help(
    'input/binary',
    'A file that should be text holds NUL bytes.',
    'Rename it, or write it as text.',
  ),
  help('input/encoding', 'A text is not valid in its encoding.', 'Write it in UTF-8.'),
  help(
    'link/missing-file',
    'A link leads to a file that is not there.',
    'Correct it, deliver the file as well, or have the link stripped.',
  ),
  help(
    'link/missing-fragment',
    'A link leads to a heading or id that is not there.',
    'Correct the part behind `#`, or give the heading that name.',
  ),
  help(
    'link/outside-repository',
    'A link leads above the root of the repository.',
    'Link to a URL instead.',
  ),
  help(
    'link/malformed',
    'The percent-encoding of a link cannot be decoded.',
    'Write `%` as `%25`.',
  ),
  help(
    'link/undefined-reference',
    'A reference has no definition.',
    'Define it, or escape the brackets.',
  ),
  help('schema/syntax', 'JSON or YAML does not parse.', 'Correct it at the place that is told.'),
  help(
    'schema/duplicate-key',
    'A key stands in one mapping twice.',
    'Remove one of them: readers disagree about which counts.',
  ),
  help(
    'schema/prototype-key',
    'A key is called `__proto__`.',
    'Rename it: readers in JavaScript do not treat it as data.',
  ),
  help('schema/too-deep', 'A value nests too deeply.', 'Nest less, or raise `maxDepth`.'),
  help(
    'schema/too-large',
    'A document is larger than what is parsed.',
    'Split it, or raise `maxYamlLength`.',
  ),
  help('schema/alias-bomb', 'YAML aliases multiply.', 'Write the values out.'),
  help(
    'schema/invalid-schema',
    'A JSON Schema does not satisfy its own version of JSON Schema.',
    'Correct it at the place that is told.',
  ),
  help(
    'schema/external-ref',
    'A schema refers to a document that is not among the files.',
    'Deliver the document as well: nothing is fetched.',
  ),
  help(
    'schema/unsupported-dialect',
    'A `$schema` is no version of JSON Schema that can be checked.',
    'Use draft-04, draft-06, draft-07, 2019-09 or 2020-12.',
  ),
  help(
    'schema/too-costly',
    'A schema takes too long to compile.',
    'Simplify it, or raise `schemaTimeoutMs`.',
  ),
  help(
    'schema/undecided',
    'Whether a document satisfies its schema is not known.',
    'Replace look-around and back-references in the pattern that is told.',
  ),
  help(
    'schema/invalid',
    'A document does not satisfy its schema.',
    'Correct it at the place that is told, or the schema.',
  ),
  help(
    'schema/missing-schema',
    'The schema that a document names is not there.',
    'Deliver the schema as well, or correct its name.',
  ),
  help(
    'schema/unknown-schema',
    'The schema that a document names is somewhere else.',
    'Nothing is fetched: bind a copy of it to the files.',
  ),
  help('version/missing', 'A file does not say its version.', 'Add the header that is told.'),
  help(
    'version/mismatch',
    'A file says another version than the one delivered.',
    'Deliver it again.',
  ),
]);

function help(id: string, summary: string, text: string): [string, RuleHelp] {
  return [id, { summary, help: text }];
}
