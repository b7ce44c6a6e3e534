import { postOutbound } from '@understudy/outbound';
import type { OutboundResult } from '@understudy/outbound';
import { scrub } from '@understudy/verdicts';
import { currentKeys, judgeDelivery, signDelivery } from '@understudy/webhooks';
import type {
  DeliveryOrder,
  DeliveryTry,
  DeliveryVerdict,
  SigningKey,
  TakenDelivery,
} from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import { endDeliverySpan, startDeliverySpan } from './delivery-span.ts';
import { obtainPayload } from './obtain-payload.ts';

/** What of an answer the log keeps. */
const KEPT_ANSWER_BYTES = 1024;
const MOST_ANSWER_BYTES = 64 * 1024;

type SignWith = Pick<SigningKey, 'kind' | 'secret'>;

export interface SentTry {
  /** Where it went; the endpoint may have moved since. */
  url: string;
  /** Of the endpoint that was asked for its address; absent where the order names it. */
  version?: number;
  verdict: DeliveryVerdict;
  /** The outbound policy forbids the address: nothing was sent. */
  refused: boolean;
  entry: Omit<DeliveryTry, 'number'>;
}

/** Makes one try: the same bytes as every other one, with a timestamp and signatures of its own. */
export async function sendDelivery(
  context: DelivererContext,
  delivery: TakenDelivery,
): Promise<SentTry> {
  const { clock, dispatcher, settings, stopping } = context;
  const { order } = delivery;
  const body = await obtainPayload(context, delivery);
  const { keys, ...to } = await addressee(context, order);
  const { url } = to;
  const startedAt = clock.now();
  const span = startDeliverySpan(delivery, url);
  const result = await postOutbound({
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Understudy-Webhooks/1.0',
      // Standard Webhooks names three headers and leaves others to the sender.
      ...(span.recording ? { traceparent: span.traceparent } : {}),
      ...signDelivery(order.event.id, body, keys, startedAt),
    },
    body,
    timeoutMs: settings.timeoutMs,
    maxAnswerBytes: MOST_ANSWER_BYTES,
    dispatcher,
    signal: stopping,
  });
  const verdict = judgeDelivery(result.kind === 'answer' ? result : { kind: 'none' }, clock.now());
  endDeliverySpan(span, result, verdict);
  const refused = result.kind === 'refused';
  return { ...to, verdict, refused, entry: logged(result, startedAt, verdict, keys) };
}

/**
 * Where the endpoint is now, also for events from before it moved; and what signs for it: the
 * callback's own secret, or the endpoint's keys, or, of a callback, the project's default.
 */
async function addressee(
  { parts, clock }: DelivererContext,
  { endpoint: endpointId, url, secret, event }: DeliveryOrder,
): Promise<Pick<SentTry, 'url' | 'version'> & { keys: SignWith[] }> {
  if (secret !== undefined) return { url, keys: [{ kind: 'symmetric', secret }] };
  const found = await parts.endpoints.readVersion(endpointId);
  const own = currentKeys(found?.endpoint.keys ?? [], clock.now());
  const keys = own.length > 0 ? own : await parts.defaultSecrets.readOrCreate(event.project);
  if (found === undefined) return { url, keys };
  return { url: found.endpoint.url, version: found.version, keys };
}

function logged(
  result: OutboundResult,
  startedAt: number,
  { outcome }: DeliveryVerdict,
  keys: readonly SignWith[],
): SentTry['entry'] {
  const entry = { started_at: startedAt, outcome };
  if (result.kind === 'refused') return { ...entry, error: result.reason };
  const { durationMs } = result;
  if (result.kind === 'failed') return { ...entry, duration_ms: durationMs, error: result.reason };
  const secrets = keys.map(({ secret }) => secret);
  const answer = scrub(result.body.toString('utf8'), secrets, KEPT_ANSWER_BYTES);
  return { ...entry, duration_ms: durationMs, status_code: result.status, answer };
}
