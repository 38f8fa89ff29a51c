import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracing } from './start-tracing.js';

/** Registers a provider of traces for this process; the exporter and the batches read their variables. */
export function sendTraces({ version }: { readonly version: string }): Tracing {
  const own = resourceFromAttributes({
    'service.name': 'holdfast-worker',
    'service.version': version,
  });
  const told = detectResources({ detectors: [envDetector] });
  const provider = new NodeTracerProvider({
    resource: own.merge(told),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return {
    async shutdown() {
      await provider.shutdown();
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
