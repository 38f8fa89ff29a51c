/** Traces that are sent; `shutdown` sends what is left. */
export interface Tracing {
  shutdown(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends traces by OTLP over HTTP where OpenTelemetry's standard variables ask for it
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables):
 * `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_TRACES_EXPORTER=otlp`.
 * Nothing of OpenTelemetry's SDK is loaded without them.
 */
export async function startTracing(
  environment: Environment,
  options: { readonly version: string },
): Promise<Tracing | undefined> {
  if (!isWanted(environment)) return undefined;
  const { sendTraces } = await import('./send-traces.js');
  return sendTraces(options);
}

function isWanted(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  const exporter = environment['OTEL_TRACES_EXPORTER'];
  if (exporter !== undefined && exporter !== '') return exporter.split(',').includes('otlp');
  return Boolean(
    environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  );
}
