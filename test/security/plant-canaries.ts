import { FAILURES } from './canary-scene.ts';
import type { CanaryScene } from './canary-scene.ts';
import { chat, createCanaryCaller } from './canary-caller.ts';
import type { CanaryCaller, PlantedAnswers } from './canary-caller.ts';
import { SIGNING_SECRET, canary } from './canary-texts.ts';
import { REFUSED_BODIES, REFUSED_CALLS } from './refused-requests.ts';

/** Puts canaries through every door, rightly and wrongly, and has everything fail in between. */
export async function plantCanaries(scene: CanaryScene): Promise<PlantedAnswers> {
  const caller = createCanaryCaller(scene);
  const { receiver } = scene;
  // Every second try fails, and says something.
  receiver.answer('/callback', (_call, count) =>
    count % 2 === 1 ? { status: 500, body: canary('receiver') } : undefined,
  );
  const endpoint = { url: `${receiver.url}/all?token=${canary('callbackurl')}` };
  await caller.post('/v1/webhooks/endpoints', { ...endpoint, secret: SIGNING_SECRET });

  await refuse(caller);
  await Promise.all(FAILURES.map(async (model) => caller.ended(await caller.submit(model))));
  await callAndFail(caller);
  await callAndSucceed(caller);
  await submitAndErase(caller);
  await runBatches(caller);
  await crash(scene, caller);
  await receiver.waitFor('/callback', 10);
  await look(caller);
  return caller.answers;
}

async function refuse({ send, post, keep }: CanaryCaller): Promise<void> {
  const answered: [string, Response][] = [];
  for (const [what, [path, init]] of Object.entries(REFUSED_CALLS)) {
    answered.push([what, await send(path, init)]);
  }
  for (const [what, [path, body, headers]] of Object.entries(REFUSED_BODIES)) {
    answered.push([what, await post(path, body, headers)]);
  }
  for (const [what, response] of answered) {
    const { status, text } = await keep('refusals', what, response);
    if (status < 400) throw new Error(`${what} was not refused: ${status} ${text}`);
  }
}

async function callAndFail({ post, keep }: CanaryCaller): Promise<void> {
  for (const model of ['malformed', 'inside', 'text', 'policy']) {
    await keep('failures', `chat ${model}`, await post('/v1/chat/completions', chat(model)));
    const message = chat(model, { max_tokens: 10 });
    await keep('failures', `message ${model}`, await post('/anthropic/v1/messages', message));
  }
}

/** Waiting calls and streams of every surface, translated and not. */
async function callAndSucceed({ post }: CanaryCaller): Promise<void> {
  const headers = { 'understudy-metadata': JSON.stringify({ note: canary('metadata') }) };
  const calls: [string, unknown][] = [
    ['/v1/chat/completions', chat('good')],
    ['/openai/v1/chat/completions', chat('far')],
    ['/v1/chat/completions', chat('good', { stream: true })],
    ['/v1/responses', { model: 'good', input: canary('prompt') }],
    ['/anthropic/v1/messages', chat('good', { max_tokens: 10 })],
    ['/anthropic/v1/messages', chat('far', { max_tokens: 10, stream: true })],
  ];
  for (const [path, body] of calls) {
    const response = await post(path, body, headers);
    const text = await response.text();
    if (!response.ok || !text.includes(canary('answer'))) {
      throw new Error(`${path} answered ${response.status}: ${text}`);
    }
  }
}

async function submitAndErase({
  send,
  keep,
  ended,
  submit,
  callback,
}: CanaryCaller): Promise<void> {
  await ended(await submit('good', { callback: { ...callback, include: 'result' } }));
  const erased = await submit('good');
  await ended(erased);
  await keep('views', 'erase', await send(`/v1/jobs/${erased}`, { method: 'DELETE' }));
  await keep('refusals', 'an erased job', await send(`/v1/jobs/${erased}`));
}

async function runBatches({ send, post, keep, becomes }: CanaryCaller): Promise<void> {
  const url = '/v1/chat/completions';
  const lines = ['good', 'malformed'].map((model, index) =>
    JSON.stringify({ custom_id: `line-${index}`, method: 'POST', url, body: chat(model) }),
  );
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([`${lines.join('\n')}\n`]), 'lines.jsonl');
  const file = idIn(await (await send('/v1/files', { method: 'POST', body: form })).text());
  const batch = { input_file_id: file, endpoint: url, completion_window: '24h' };
  const made = await keep('views', 'batch', await post('/v1/batches', batch));
  await becomes(`/v1/batches/${idIn(made.text)}`, '"status":"completed"');

  const path = '/anthropic/v1/messages/batches';
  const requests = [{ custom_id: 'a', params: chat('far', { max_tokens: 10 }) }];
  const messages = await keep('views', 'message batch', await post(path, { requests }));
  await becomes(`${path}/${idIn(messages.text)}`, '"processing_status":"ended"');
}

function idIn(text: string): string {
  return (JSON.parse(text) as { id: string }).id;
}

/** The worker dies while it holds a job; what its successor does is looked at as well. */
async function crash({ broker, vendor }: CanaryScene, caller: CanaryCaller): Promise<void> {
  const before = vendor.calls.length;
  const release = vendor.onCall(/^\/good\//, (_call, matched) =>
    matched === 1 ? { answer: 'never' } : undefined,
  );
  const id = await caller.submit('good');
  await vendor.waitForCalls(before + 1);
  for (const name of ['worker-openai-compatible', 'webhook-deliverer']) {
    broker.services.get(name)?.kill('SIGKILL');
    await broker.services.get(name)?.ended;
    await broker.startService(name);
  }
  await caller.ended(id);
  release();
}

/** Everything that can be looked at. */
async function look({ send, keep, jobs, answers }: CanaryCaller): Promise<void> {
  const shared = ['providers', 'routes', 'routes/good', 'models', 'batches', 'files'];
  const installation = ['webhooks/secret', 'admin/keys', 'admin/projects'];
  const paths = [...shared, ...installation].map((path) => `/v1/${path}`);
  const last = `/v1/jobs/${jobs.at(-1)}/events`;
  for (const path of [...paths, '/openapi.json', '/readyz', '/metrics', last]) {
    await keep('views', path, await send(path));
  }
  for (const path of [
    ...jobs.map((id) => `/v1/jobs/${id}`),
    '/v1/jobs?limit=100',
    '/v1/webhooks/endpoints',
    '/v1/webhooks/deliveries?limit=100',
  ]) {
    await keep('owned', path, await send(path));
  }
  for (const [, id] of (answers.owned.at(-1)?.text ?? '').matchAll(/"id":"(del_\w+)"/g)) {
    await keep('owned', 'a delivery', await send(`/v1/webhooks/deliveries/${id}`));
  }
}
