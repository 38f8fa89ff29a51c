/** Stable codes of what keeps schemas from being extracted. */
export type SchemaErrorCode = 'bad-argument' | 'extraction-failed' | 'generator-missing';

/** One thing that is wrong with the sources, or with a type. */
export interface SchemaFinding {
  readonly ruleId: 'schemas/typescript' | 'schemas/no-schema' | 'schemas/same-name';
  readonly severity: 'error';
  readonly message: string;
  /** Relative to the folder that the extraction ran in. */
  readonly path: string;
  /** 1-based lines and columns. */
  readonly range?: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/** The one error of this package; `blame` says whose problem it is, `hint` what to do next. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  readonly code: SchemaErrorCode;
  readonly blame: 'input' | 'environment';
  readonly hint?: string;
  /** The complaints of TypeScript, or why types have no schema. */
  readonly findings: readonly SchemaFinding[];

  constructor(
    code: SchemaErrorCode,
    message: string,
    {
      blame = 'input',
      hint,
      findings = [],
      cause,
    }: {
      blame?: SchemaError['blame'];
      hint?: string;
      findings?: readonly SchemaFinding[];
      cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.blame = blame;
    if (hint !== undefined) this.hint = hint;
    this.findings = findings;
  }
}
