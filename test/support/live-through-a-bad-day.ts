import { setTimeout as sleep } from 'node:timers/promises';
import { chatLine } from './batch-scene.ts';
import type { MetricsScene } from './metrics-scene.ts';
import { sumOf } from './scraped-metrics.ts';
import type { Sample } from './scraped-metrics.ts';

const PATIENCE_MS = 60_000;

/**
 * Everything that the services measure happens at least once: jobs that complete, fall through, wait,
 * fail and are cancelled; targets that cool, an account that is refused; deliveries that arrive and
 * that are given up; a batch; requests that are refused; a worker that dies in the middle of a call.
 */
export async function liveThroughABadDay(scene: MetricsScene): Promise<void> {
  // First, for the new worker has counted nothing of what its predecessor did.
  await loseAWorker(scene);
  await answerFallThroughAndFail(scene);
  await coolForGood(scene);
  const { broker } = scene;
  await broker.request('/v1/jobs', { method: 'POST', body: '{', headers: JSON_TYPE });
  await broker.request('/v1/jobs/job_that_is_not_there');
  await runBatch(scene);
  await until(scene, (samples) => sumOf(samples, 'understudy_dead_letters_total') > 0);
  // The scheduler looks at a job that waits only after some seconds.
  await until(scene, (samples) => sumOf(samples, 'understudy_scheduler_visits_total') > 0);
}

const WORKER = 'worker-openai-compatible';

/** While another job waits behind the one whose call is lost. */
async function loseAWorker(scene: MetricsScene): Promise<void> {
  const { broker, vendor, submit } = scene;
  const held = vendor.onCall(/^\/narrow\//, { answer: 'never' });
  const calling = await submit('narrow');
  await vendor.waitForCalls(1, { match: /^\/narrow\// });
  const behind = await submit('narrow');
  await until(scene, (samples) => oldestAge(samples, 'narrow') > 0);
  const worker = broker.services.get(WORKER);
  worker?.kill('SIGKILL');
  await worker?.ended;
  held();
  await broker.startService(WORKER);
  await broker.waitForJob(calling);
  await broker.waitForJob(behind);
}

async function answerFallThroughAndFail(scene: MetricsScene): Promise<void> {
  const { broker, vendor, receiver, submit } = scene;
  vendor.onCall(/^\/first\//, { body: CACHED_ANSWER });
  vendor.onCall(/^\/refused\//, { status: 401, body: { error: { message: 'no such key' } } });
  receiver.answer('/broken', { status: 500, body: '' });
  const callback = { url: `${receiver.url}/callback` };
  await broker.waitForJob(await submit('chat', { callback, priority: 'high' }));
  await receiver.waitFor('/callback');

  const failing = vendor.onCall(/^\/first\//, { status: 500, body: { error: { message: 'no' } } });
  await broker.waitForJob(await submit('chat', { callback: { url: `${receiver.url}/broken` } }));
  failing();
  await broker.waitForJob(await submit('refused'));
  const error = { message: 'messages: bad', type: 'invalid_request_error' };
  const rejecting = vendor.onCall(/^\/first\//, { status: 400, body: { error } });
  await broker.waitForJob(await submit('chat'));
  rejecting();
}

/** One job waits to the end, so that its route stays closed and its room is not empty. */
async function coolForGood(scene: MetricsScene): Promise<void> {
  const { broker, vendor, submit } = scene;
  vendor.onCall(/^\/cold\//, {
    status: 429,
    headers: { 'retry-after': '600' },
    body: { error: { message: 'slow down' } },
  });
  const cooled = await submit('cold');
  await until(scene, (samples) => sumOf(samples, 'understudy_room_jobs', { provider: 'cold' }) > 0);
  await broker.request(`/v1/jobs/${cooled}/cancel`, { method: 'POST' });
  await submit('cold');
}

const CACHED_ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_795_000_000,
  model: 'deepseek-v4-flash',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 40 },
  },
};

const JSON_TYPE = { 'content-type': 'application/json' };

async function runBatch({ broker }: MetricsScene): Promise<void> {
  const form = new FormData();
  form.set('purpose', 'batch');
  const lines = [chatLine('good'), chatLine('unknown', 'no-model-of-anybody')];
  form.set('file', new Blob([lines.join('\n')]), 'input.jsonl');
  const uploaded = await broker.request('/v1/files', { method: 'POST', body: form });
  const file = (await uploaded.json()) as { id: string };
  const body = {
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  };
  const created = await broker.request('/v1/batches', {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify(body),
  });
  const { id } = (await created.json()) as { id: string };
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const batch = (await (await broker.request(`/v1/batches/${id}`)).json()) as { status: string };
    if (batch.status === 'completed') return;
    if (performance.now() > deadline) throw new Error(`the batch is still ${batch.status}`);
    // The API tells of batches only when it is asked.
    await sleep(100);
  }
}

/** Metrics tell only when they are asked. */
export async function until(
  { scrape }: Pick<MetricsScene, 'scrape'>,
  wanted: (samples: readonly Sample[]) => boolean,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!wanted(await scrape())) {
    if (performance.now() > deadline) throw new Error('metrics did not become as wanted');
    await sleep(200);
  }
}

function oldestAge(samples: readonly Sample[], provider: string): number {
  return sumOf(samples, 'understudy_queue_oldest_age_seconds', { provider });
}
