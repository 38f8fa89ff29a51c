import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { PgBoss } from 'pg-boss';

/** What the worker counts, in Prometheus' form. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  target(verdict: string, seconds: number): void;
  delivery(forge: string, result: string): void;
}

/** Makes the metrics of one worker: its process, its targets, its webhooks and the queue's depth. */
export function createMetrics(boss: PgBoss): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const targets = new Counter({
    name: 'holdfast_targets_total',
    help: 'Targets that this worker finished or handed back, by verdict.',
    labelNames: ['verdict'],
    registers,
  });
  const duration = new Histogram({
    name: 'holdfast_target_seconds',
    help: 'From taking a batch of targets to the result of one of them.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const deliveries = new Counter({
    name: 'holdfast_webhook_deliveries_total',
    help: 'Webhook deliveries by forge and what became of them.',
    labelNames: ['forge', 'result'],
    registers,
  });
  new Gauge({
    name: 'holdfast_queue_jobs',
    help: 'Jobs of the shared queues, waiting and active.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      for (const { name, queuedCount, activeCount } of await boss.getQueues()) {
        this.set({ queue: name, state: 'queued' }, queuedCount);
        this.set({ queue: name, state: 'active' }, activeCount);
      }
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    target(verdict, seconds) {
      targets.inc({ verdict });
      duration.observe(seconds);
    },
    delivery: (forge, result) => deliveries.inc({ forge, result }),
  };
}
