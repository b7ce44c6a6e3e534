import { startSpan } from '@understudy/tracing';
import type { TraceSpan } from '@understudy/tracing';
import type { OutboundResult } from '@understudy/outbound';
import type { DeliveryVerdict, TakenDelivery } from '@understudy/webhooks';

/** No event of a test belongs to a trace. */
const NO_TRACE = { traceparent: '' };

/** Begins the span of one try, below the job or batch that it tells of. */
export function startDeliverySpan({ id, tries, order }: TakenDelivery, url: string): TraceSpan {
  const { event, endpoint } = order;
  const { traceparent } = event;
  return startSpan(
    `deliver ${event.type}`,
    traceparent === undefined ? NO_TRACE : { traceparent },
    {
      kind: 'client',
      attributes: {
        'http.request.method': 'POST',
        // The rest of the address may hold a secret.
        'server.address': URL.parse(url)?.hostname,
        'understudy.delivery.id': id,
        'understudy.delivery.try': tries + 1,
        'understudy.endpoint.id': endpoint,
        'understudy.event.type': event.type,
        'understudy.job.id': event.job,
        'understudy.batch.id': event.batch?.id,
        'understudy.project': event.project,
      },
    },
  );
}

export function endDeliverySpan(
  span: TraceSpan,
  result: OutboundResult,
  { outcome }: DeliveryVerdict,
): void {
  const status = result.kind === 'answer' ? result.status : undefined;
  span.set({ 'http.response.status_code': status, 'understudy.delivery.outcome': outcome });
  if (outcome === 'failed') span.fail(status === undefined ? result.kind : String(status));
  span.end();
}
