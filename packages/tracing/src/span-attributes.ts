/**
 * Everything that a span may hold beside its name and its times. A new attribute is a decision: it is
 * of the broker's own making, out of its configuration, or a name or a number that a provider gives;
 * never a word of a prompt, an answer or an error's text.
 *
 * Names are those of OpenTelemetry's semantic conventions 1.44 (HTTP, messaging, server, error) and of its
 * conventions for generative AI (github.com/open-telemetry/semantic-conventions-genai, in development), where
 * they have one.
 */
export const SPAN_ATTRIBUTES = [
  'error.type',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.request.stream',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_write.input_tokens',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.reasoning.output_tokens',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.system',
  'server.address',
  'server.port',
  'understudy.attempt.number',
  'understudy.attempt.outcome',
  'understudy.batch.id',
  'understudy.cost_usd',
  'understudy.delivery.id',
  'understudy.delivery.outcome',
  'understudy.delivery.try',
  'understudy.endpoint.id',
  'understudy.event.type',
  'understudy.from.provider',
  'understudy.interrupted',
  'understudy.job.id',
  'understudy.job.status',
  'understudy.model.drawn',
  'understudy.model.requested',
  'understudy.probe',
  'understudy.project',
  'understudy.provider',
  'understudy.queue.wait_ms',
  'understudy.round',
  'understudy.route',
  'understudy.rule',
  'understudy.surface',
  'understudy.turn',
  'understudy.verdict',
  'understudy.wait.reason',
] as const;

const KNOWN: ReadonlySet<string> = new Set<string>(SPAN_ATTRIBUTES);

export type SpanAttribute = (typeof SPAN_ATTRIBUTES)[number];

/** Members that are undefined are left out. */
export type SpanAttributes = {
  readonly [Name in SpanAttribute]?: string | number | boolean | undefined;
};

/** What is known of them and set; a member that the compiler did not stop is left out. */
export function allowedAttributes(
  attributes: SpanAttributes,
): Record<string, string | number | boolean> {
  const allowed: Record<string, string | number | boolean> = {};
  // As a record, so that what the compiler did not stop is seen as well.
  const given: Readonly<Record<string, string | number | boolean | undefined>> = attributes;
  for (const name in given) {
    const value = given[name];
    if (value !== undefined && KNOWN.has(name)) allowed[name] = value;
  }
  return allowed;
}
