/** How much of one document the checks are willing to take in; what is beyond has a finding. */
export interface ValidationLimits {
  /** Largest file that is read as text, in bytes. Default 16 MiB. */
  maxTextBytes: number;
  /** Largest YAML document that is parsed, in characters. Default 4 Mi. */
  maxYamlLength: number;
  /** Deepest nesting of JSON and YAML values, and of quotes and lists in Markdown. Default 200. */
  maxDepth: number;
  /** Most findings that one check reports for one file; one more says how many were left out. Default 1,000. */
  maxFindingsPerFile: number;
  /** Longest time in milliseconds that one schema may take to compile, or one document to be validated against it. Default 5,000. */
  schemaTimeoutMs: number;
  /** Longest time in milliseconds that one long section of Markdown, without an empty line, may take to parse. Default 10,000. */
  markdownTimeoutMs: number;
  /** Longest time in milliseconds that one denied pattern may take in one file. Default 5,000. */
  patternTimeoutMs: number;
}

export const defaultLimits: Readonly<ValidationLimits> = Object.freeze({
  maxTextBytes: 16 * 1024 * 1024,
  maxYamlLength: 4 * 1024 * 1024,
  maxDepth: 200,
  maxFindingsPerFile: 1000,
  schemaTimeoutMs: 5000,
  markdownTimeoutMs: 10_000,
  patternTimeoutMs: 5000,
});
