import { configurationJsonSchema, manifestJsonSchema, ruleJsonSchema } from '@holdfast/manifest';
import type { CommandResult } from '../command-result.js';

const schemas = {
  config: configurationJsonSchema,
  rule: ruleJsonSchema,
  manifest: manifestJsonSchema,
};

/** `holdfast schema`: the schema itself as text, so that it can be saved as it is. */
export function schema({ file }: { readonly file: keyof typeof schemas }): Promise<CommandResult> {
  const schema = schemas[file]();
  return Promise.resolve({
    exitCode: 0,
    document: { schema },
    text: () => `${JSON.stringify(schema, null, 2)}\n`,
  });
}
