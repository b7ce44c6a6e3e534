import { randomUUID } from 'node:crypto';
import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '@understudy/runtime';
import { samplerOf } from './sampler-of.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const REPORT_INTERVAL_MS = 10_000;
/** No attribute that is meant to be there is as long. */
const LONGEST_ATTRIBUTE = 256;
/** Some seconds of a busy process: a collector that is slow or away costs spans, never memory. */
const QUEUED_SPANS = 8192;

/** Sets up OpenTelemetry's SDK for this process. What the collector refuses is logged and dropped. */
export function startExporting(
  service: string,
  environment: Environment,
  logger: Logger,
): TracerProvider {
  reportTrouble(logger);
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? environment['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    logger.warn(
      `traces are sent as http/protobuf; OTEL_EXPORTER_OTLP_PROTOCOL asks for another protocol: unset it`,
    );
  }
  const provider = new TracerProvider({
    sampler: samplerOf(environment, logger),
    resource: resourceFromAttributes({
      'service.name': `understudy-${service}`,
      'service.namespace': 'understudy',
      'service.instance.id': randomUUID(),
    }).merge(detectResources({ detectors: [envDetector] })),
    spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        maxQueueSize: numberOf(environment, 'OTEL_BSP_MAX_QUEUE_SIZE') ?? QUEUED_SPANS,
        ...given('maxExportBatchSize', numberOf(environment, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE')),
        ...given('scheduledDelayMillis', numberOf(environment, 'OTEL_BSP_SCHEDULE_DELAY')),
        ...given('exportTimeoutMillis', numberOf(environment, 'OTEL_BSP_EXPORT_TIMEOUT')),
      }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  return provider;
}

function numberOf(environment: Environment, name: string): number | undefined {
  const number = Number(environment[name] ?? '');
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

function given<Name extends string>(
  name: Name,
  value: number | undefined,
): Partial<Record<Name, number>> {
  const members: Partial<Record<Name, number>> = {};
  if (value !== undefined) members[name] = value;
  return members;
}

/** A collector that is away would fill the log otherwise: one line in ten seconds. */
function reportTrouble(logger: Logger): void {
  let reportedAt = -Infinity;
  const report = (reason: string): void => {
    const now = performance.now();
    if (now - reportedAt < REPORT_INTERVAL_MS) return;
    reportedAt = now;
    logger.warn({ reason }, 'traces could not all be exported');
  };
  diag.setLogger(
    { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
    DiagLogLevel.WARN,
  );
}

function ignore(): void {
  // Below the level that is asked for.
}
