import { formatScalar, quoteScalar } from '../fix/yaml-value.js';

/** `openlineage.yml`: the ids stand in the query of the endpoint, and the key comes from the environment. */
export function writeOpenlineage({
  host,
  productId,
  portName,
}: {
  readonly host: string;
  readonly productId: string;
  readonly portName: string;
}): string {
  const query = `dataProductId=${encodeURIComponent(productId)}&outputPortId=${encodeURIComponent(portName)}`;
  const url = URL.parse(host);
  // The client drops the last part of a path that does not end in a slash.
  const base = url && url.pathname !== '/' && !url.pathname.endsWith('/') ? `${host}/` : host;
  return [
    '# Where dbt-ol sends lineage. The key comes from OPENLINEAGE__TRANSPORT__AUTH__APIKEY.',
    'transport:',
    '  type: http',
    `  url: ${quoteScalar(base)}`,
    `  endpoint: ${quoteScalar(`api/v1/lineage?${query}`)}`,
    '  auth:',
    `    type: ${formatScalar('api_key')}`,
    '',
  ].join('\n');
}
