/** What is wrong with a schema. */
export interface SchemaProblem {
  /**
   * - `invalid-schema`: it does not satisfy its own version of JSON Schema.
   * - `unsupported-dialect`: its `$schema` is no version that is known.
   * - `missing-reference`: a `$ref` leads to a document that `lookUp` does not have.
   * - `too-large`, `too-costly`: compiling it is beyond a limit.
   */
  readonly kind:
    'invalid-schema' | 'unsupported-dialect' | 'missing-reference' | 'too-large' | 'too-costly';
  /** The JSON pointer of the place in the schema. */
  readonly pointer: string;
  readonly message: string;
  /** Where the reference leads, of a missing one. */
  readonly target?: string;
}
