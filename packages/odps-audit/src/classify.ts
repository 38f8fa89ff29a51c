import { isMapping, listOf, member, textOf } from './mapping.js';

/** What a document is, by its content. */
export type DocumentKind =
  | { readonly kind: 'odps'; readonly version: string | undefined }
  | { readonly kind: 'odcs'; readonly version: string | undefined }
  /** The Data Product Specification. */
  | { readonly kind: 'dps' }
  /** The Data Contract Specification. */
  | { readonly kind: 'dcs' }
  /** The Open Data Product Specification of the Linux Foundation. */
  | { readonly kind: 'opendataproducts' }
  | { readonly kind: 'openlineage' }
  | { readonly kind: 'workflow' }
  | { readonly kind: 'dbt-project' }
  | { readonly kind: 'unknown' };

/** Tells what a document is by its content; its name says nothing here. */
export function classifyDocument(value: unknown): DocumentKind {
  if (!isMapping(value)) return { kind: 'unknown' };
  const has = (key: string) => Object.hasOwn(value, key);
  const kind = textOf(value['kind']);
  const version = textOf(member(value, 'apiVersion'));
  if (has('dataProductSpecification')) return { kind: 'dps' };
  if (has('dataContractSpecification')) return { kind: 'dcs' };
  if (kind === 'DataProduct') return { kind: 'odps', version };
  if (kind === 'DataContract' || isOldOdcs(value)) return { kind: 'odcs', version };
  if (isOpenDataProducts(value)) return { kind: 'opendataproducts' };
  if (has('transport')) return { kind: 'openlineage' };
  if (has('jobs') && (has('on') || has('true'))) return { kind: 'workflow' };
  if (has('name') && ['config-version', 'model-paths', 'source-paths', 'profile'].some(has)) {
    return { kind: 'dbt-project' };
  }
  if (textOf(member(member(value, 'info'), 'owner')) !== undefined) return { kind: 'dps' };
  return { kind: 'unknown' };
}

/** ODCS 2.2: a data set of a quantum, or `apiVersion: v2…` with a `dataset`. */
function isOldOdcs(value: Readonly<Record<string, unknown>>): boolean {
  return (
    Object.hasOwn(value, 'quantumName') ||
    (Object.hasOwn(value, 'datasetName') && Object.hasOwn(value, 'uuid'))
  );
}

/** `schema: https://opendataproducts.org/…`, or `product.details.<language>.productID`. */
function isOpenDataProducts(value: Readonly<Record<string, unknown>>): boolean {
  const schema = textOf(value['schema']);
  if (schema !== undefined && /opendataproducts\.org/i.test(schema)) return true;
  const details = member(value['product'], 'details');
  const first = isMapping(details) ? Object.values(details)[0] : listOf(details)[0];
  return (
    isMapping(first) && (Object.hasOwn(first, 'productID') || Object.hasOwn(first, 'productId'))
  );
}
