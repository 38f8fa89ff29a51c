import type { DataProduct } from '../data-product.js';
import type { Issue, Judgement } from '../issue.js';
import { isMapping, listOf, member, textOf } from '../mapping.js';
import type { Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import { reporter, type Report } from './judge-odps.js';
import { judgeText } from './judge-text.js';

const FILE = 'openlineage.yml';

/** Transports of the OpenLineage client and their keys; of those without, nothing is said. */
const HTTP_KEYS = new Set([
  'type',
  'url',
  'endpoint',
  'timeout',
  'verify',
  'auth',
  'compression',
  'custom_headers',
  'retry',
]);
const TRANSPORTS = new Set([
  'http',
  'async_http',
  'kafka',
  'msk-iam',
  'file',
  'console',
  'noop',
  'composite',
  'transform',
  'datazone',
  'amazon_datazone_api',
  'gcplineage',
  'datadog',
]);

export interface LineageContext {
  readonly product?: DataProduct;
  /** The host of the platform, where one is configured. */
  readonly host?: string;
}

export function judgeOpenlineage({ files }: Project, context: LineageContext): Judgement {
  const file = files.get(FILE);
  if (file) {
    const issues = judgeLineageFile(file, context);
    return { files: [FILE], issues };
  }
  const other = files.get('openlineage.yaml');
  if (other) {
    const message = 'the OpenLineage client does not find openlineage.yaml';
    return {
      files: [other.path],
      issues: [{ rule: 'lineage/wrong-name', path: other.path, message }],
      note: 'named openlineage.yaml',
    };
  }
  return {
    files: [],
    issues: [{ rule: 'lineage/missing', message: 'there is no openlineage.yml' }],
  };
}

/** Judges one file as the configuration of the OpenLineage client. */
export function judgeLineageFile(file: SourceFile, context: LineageContext): Issue[] {
  const issues = judgeText(file);
  const [value] = file.documents;
  const report = reporter(file, issues);
  if (value === undefined) {
    return issues.length > 0
      ? issues
      : [{ rule: 'lineage/invalid', path: file.path, message: 'the file is empty' }];
  }
  const transport = member(value, 'transport');
  if (!isMapping(transport)) {
    report('lineage/invalid', ['transport'], 'there is no mapping transport');
    return issues;
  }
  const type = textOf(transport['type']);
  if (type === undefined || !(TRANSPORTS.has(type) || type.includes('.'))) {
    report(
      'lineage/invalid',
      ['transport', 'type'],
      type === undefined
        ? 'the transport has no type'
        : `the transport ${JSON.stringify(type)} is none of the client's`,
    );
    return issues;
  }
  const http = findHttp(transport, ['transport']);
  if (!http)
    report(
      'lineage/other-transport',
      ['transport', 'type'],
      `the transport ${type} does not reach the platform`,
    );
  else judgeHttp(http, context, report);
  return issues;
}

interface HttpTransport {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[];
}

/** The HTTP transport, which may be one of several, or stand behind a transformation. */
function findHttp(
  value: Readonly<Record<string, unknown>>,
  path: HttpTransport['path'],
): HttpTransport | undefined {
  const type = textOf(value['type']);
  if (type === 'http' || type === 'async_http') return { value, path };
  const inner = value['transport'];
  if (type === 'transform' && isMapping(inner)) return findHttp(inner, [...path, 'transport']);
  if (type !== 'composite') return undefined;
  const several = value['transports'];
  const entries: [string | number, unknown][] = isMapping(several)
    ? Object.entries(several)
    : [...listOf(several).entries()];
  for (const [key, one] of entries) {
    const found = isMapping(one) ? findHttp(one, [...path, 'transports', key]) : undefined;
    if (found) return found;
  }
  return undefined;
}

function judgeHttp({ value, path }: HttpTransport, context: LineageContext, report: Report): void {
  for (const key of Object.keys(value)) {
    if (HTTP_KEYS.has(key) || (key === 'name' && path.length > 1)) continue;
    report(
      'lineage/unknown-key',
      [...path, key],
      `the transport http has no key ${key}: the client drops it`,
      { part: 'key', data: { key } },
    );
  }
  judgeUrl(value, path, context, report);
  judgeEndpoint(value, path, context, report);
  judgeAuth(value['auth'], path, report);
  const ports = context.product?.outputPorts.length ?? 0;
  if (ports > 1)
    report(
      'lineage/several-ports',
      [...path, 'endpoint'],
      `the product has ${ports} output ports, and one file serves one`,
    );
}

function judgeUrl(
  value: HttpTransport['value'],
  path: HttpTransport['path'],
  { host }: LineageContext,
  report: Report,
): void {
  const text = textOf(value['url']);
  if (text === undefined || text === '') {
    report('lineage/invalid', [...path, 'url'], 'the transport http has no url');
    return;
  }
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    if (!text.includes('{{'))
      report(
        'lineage/invalid',
        [...path, 'url'],
        `the url ${JSON.stringify(text)} is none of HTTP`,
      );
    return;
  }
  if (url.username !== '' || url.password !== '')
    report('lineage/key-inside', [...path, 'url'], 'the url has a user or a password');
  if (url.pathname !== '/' && !url.pathname.endsWith('/')) {
    report(
      'lineage/path-lost',
      [...path, 'url'],
      `the client drops the last part of ${url.pathname}, for it has no slash at its end`,
    );
  }
  const known = host === undefined ? null : URL.parse(host);
  if (known && known.host !== url.host) {
    report(
      'lineage/host-differs',
      [...path, 'url'],
      `lineage goes to ${url.host}, and the platform is at ${known.host}`,
    );
  }
}

function judgeEndpoint(
  value: HttpTransport['value'],
  path: HttpTransport['path'],
  { product }: LineageContext,
  report: Report,
): void {
  const endpoint = textOf(value['endpoint']) ?? '';
  const dropped = value['urlParams'];
  const query = new URLSearchParams(
    endpoint.includes('?') ? endpoint.slice(endpoint.indexOf('?') + 1) : '',
  );
  if (query.has('outputPortName') || member(dropped, 'outputPortName') !== undefined) {
    const place = query.has('outputPortName') ? 'endpoint' : 'urlParams';
    report(
      'lineage/legacy-port-name',
      [...path, place],
      'outputPortName is the old name of outputPortId',
    );
  }
  const productId = query.get('dataProductId');
  const portId = query.get('outputPortId') ?? query.get('outputPortName');
  const missing = [
    productId === null ? 'dataProductId' : '',
    portId === null ? 'outputPortId' : '',
  ].filter((id) => id !== '');
  if (missing.length > 0) {
    report(
      'lineage/ids-missing',
      [...path, 'endpoint'],
      `the query of the endpoint has no ${missing.join(' and no ')}`,
    );
  }
  if (!product) return;
  if (productId !== null && product.id !== undefined && productId !== product.id) {
    report(
      'lineage/ids-differ',
      [...path, 'endpoint'],
      `dataProductId is ${JSON.stringify(productId)}, and the product is ${JSON.stringify(product.id)}`,
      { data: { dataProductId: productId } },
    );
  }
  const ports = product.outputPorts.map(({ name }) => name);
  if (portId !== null && ports.length > 0 && !ports.includes(portId)) {
    report(
      'lineage/ids-differ',
      [...path, 'endpoint'],
      `outputPortId is ${JSON.stringify(portId)}, and the output ports are ${ports.join(', ')}`,
      { data: { outputPortId: portId } },
    );
  }
}

function judgeAuth(auth: unknown, path: HttpTransport['path'], report: Report): void {
  if (!isMapping(auth) || textOf(auth['type']) === undefined) {
    report('lineage/auth-missing', [...path, 'auth'], 'the transport has no auth.type', {
      part: 'key',
    });
    return;
  }
  for (const key of ['api_key', 'apiKey', 'apikey']) {
    const secret = textOf(auth[key]);
    if (secret === undefined || secret === '' || /^\$\{|^\{\{|^<.*>$/.test(secret)) continue;
    report('lineage/key-inside', [...path, 'auth', key], `there is a key in auth.${key}`);
  }
}
