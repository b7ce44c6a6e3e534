import type { Closable, Logger, Refuse, RunningService } from '@understudy/runtime';

type Environment = Readonly<Record<string, string | undefined>>;

/** After this long at the end of a service, spans that no collector took are given up. */
const FLUSH_MS = 3000;

/**
 * Whether the environment asks for traces: an OTLP endpoint is set and nothing turns them off.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function wantsTraces(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (environment['OTEL_TRACES_EXPORTER']?.toLowerCase() === 'none') return false;
  return [
    environment['OTEL_EXPORTER_OTLP_ENDPOINT'],
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ].some((endpoint) => endpoint !== undefined && endpoint.trim() !== '');
}

/**
 * The start of a service whose spans are exported as the standard environment says. Where it says
 * nothing, OpenTelemetry's SDK is not even loaded. What is left at the end is sent after the service has
 * closed.
 * @param service names the resource unless `OTEL_SERVICE_NAME` does: `understudy-<service>`
 */
export function traced(
  service: string,
  logger: Logger,
  start: (refuse: Refuse) => Promise<RunningService>,
): (refuse: Refuse) => Promise<RunningService> {
  return async (refuse) => {
    const tracing = await openTracing(service, logger);
    const running = await start(refuse);
    return {
      ...running,
      close: async () => {
        await running.close();
        await tracing.close();
      },
    };
  };
}

async function openTracing(service: string, logger: Logger): Promise<Closable> {
  // The SDK's exporter reads this environment and no other.
  if (!wantsTraces(process.env)) return { close: async () => undefined };
  const { startExporting } = await import('./start-exporting.ts');
  const exporting = startExporting(service, process.env, logger);
  return {
    close: async () => {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, FLUSH_MS);
      await Promise.race([exporting.shutdown().catch(() => undefined), patience.promise]);
      clearTimeout(timer);
    },
  };
}
