import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ProxyObserver, ProxyState } from './catalog-proxy.js';

/** What a proxy counts, in Prometheus' form. */
export interface ProxyMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  readonly observer: ProxyObserver;
  /** Says where the gauges come from. */
  watch(state: () => ProxyState): void;
}

/** Makes the metrics of one proxy: its process, its calls, the attempts of schemas, and how its servers are. */
export function createProxyMetrics(): ProxyMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  let stateOf: (() => ProxyState) | undefined;
  const calls = new Counter({
    name: 'holdfast_proxy_calls_total',
    help: 'Calls of tools, by server and what became of them.',
    labelNames: ['server', 'result'],
    registers,
  });
  const duration = new Histogram({
    name: 'holdfast_proxy_call_seconds',
    help: 'From a call at the proxy to its result.',
    labelNames: ['server'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers,
  });
  const attempts = new Counter({
    name: 'holdfast_proxy_schema_attempts_total',
    help: 'Schemas that calls went by, by place in the fallback chain and result.',
    labelNames: ['schema', 'result'],
    registers,
  });
  const reconnects = new Counter({
    name: 'holdfast_proxy_reconnects_total',
    help: 'Times that a server came back after it was gone.',
    labelNames: ['server'],
    registers,
  });
  new Gauge({
    name: 'holdfast_proxy_server_up',
    help: '1 while a server answers, 0 while it does not.',
    labelNames: ['server'],
    registers,
    collect() {
      for (const { name, health } of stateOf?.().servers ?? [])
        this.set({ server: name }, health === 'up' || health === 'partial' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'holdfast_proxy_tools',
    help: 'Tools that are served, withheld, and served with another schema than their server declares.',
    labelNames: ['state'],
    registers,
    collect() {
      const state = stateOf?.();
      if (state === undefined) return;
      this.set({ state: 'served' }, state.served);
      this.set({ state: 'withheld' }, state.withheld.length);
      this.set({ state: 'downgraded' }, state.downgraded.length);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observer: {
      call: (server, result, seconds) => {
        calls.inc({ server, result });
        duration.observe({ server }, seconds);
      },
      attempt: (schema, result) => attempts.inc({ schema, result }),
      reconnect: (server) => reconnects.inc({ server }),
    },
    watch: (state) => {
      stateOf = state;
    },
  };
}
