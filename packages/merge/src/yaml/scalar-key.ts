/** What a plain scalar must not look like to be a string for every reader of YAML, 1.1 or 1.2. */
const NO_STRING =
  /^(?:[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?|0o[0-7]+|[-+]?0x[\da-fA-F_]+|[-+]?0b[01_]+|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;

/**
 * Different for plain scalars of different content. How a number or a truth value is spelled is content:
 * `0644` is no `644` to a reader of YAML 1.1, `3.10` no `3.1` where it is a version, `no` no `"no"`.
 */
export function plainScalarKey(source: string): string {
  if (NULL.test(source)) return 'null';
  return NO_STRING.test(source) ? `plain ${source}` : stringKey(source);
}

/** Different for different strings, however they are quoted. */
export function stringKey(value: string): string {
  return `string ${value}`;
}

export function aliasKey(name: string): string {
  return `alias ${name}`;
}
