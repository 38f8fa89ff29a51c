export {
  openCatalogProxy,
  type CallPeer,
  type CatalogProxy,
  type PassedOn,
  type ProxyCall,
  type ProxyLogger,
  type ProxyObserver,
  type ProxyOptions,
  type ProxyState,
} from './catalog-proxy.js';
export { createProxyMetrics, type ProxyMetrics } from './metrics.js';
export type { SchemaSource, Withheld } from './served-catalog.js';
export { serveProxyHttp, type ProxyHttpServer, type ServeHttpOptions } from './serve-http.js';
export { serveProxyStdio, type ServeStdioOptions } from './serve-stdio.js';
