import type { WebhookEvent } from './delivery.ts';

/**
 * An event that OpenAI has too, thin as its own: `created_at` in Unix seconds, as its SDK types it.
 * Of a batch also what ours tell, and the `timestamp` that Standard Webhooks advises.
 */
export function renderOpenAiEvent(event: WebhookEvent): string {
  const { id, type, at, batch } = event;
  const head = { id, object: 'event', type, created_at: Math.floor(at / 1000) };
  if (batch !== undefined) {
    return JSON.stringify({ ...head, timestamp: new Date(at).toISOString(), data: batch });
  }
  const test = event.job === undefined ? { test: true } : {};
  return JSON.stringify({ ...head, data: { id: subjectOf(event), ...test } });
}

/** The Response that a job is, or a made-up id of a test event. */
function subjectOf({ id, type, job }: WebhookEvent): string {
  if (job !== undefined) return job.replace(/^job_/, 'resp_');
  const prefix = type.startsWith('batch.') ? 'batch_' : 'resp_';
  return id.replace(/^evt_/, prefix);
}
