import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Broker } from '../support/start-broker.ts';
import { createLivingIds } from './living-ids.ts';
import type { LivingIds } from './living-ids.ts';
import type { KnownValues } from './schema-value.ts';

/** What is there for requests to name. */
export interface KnownThings {
  values: KnownValues;
  ids: LivingIds;
}

const MESSAGES = [{ role: 'user', content: 'hello' }];
const CHAT = { model: 'chat', messages: MESSAGES };
const CALLBACK = 'http://127.0.0.1:9/callback';
const SINCE = '2026-01-01T00:00:00Z';
const LINE = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: CHAT };
const MOST_TRIES = 10;
const RETRY_AFTER_MS = 1000;
const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });
const madeSchema = z.object({ id: z.string() });

/** Makes one thing of each kind that a request can name. */
export async function makeKnownThings(broker: Broker): Promise<KnownThings> {
  const makers = makersOf(broker);
  const project = await send(broker, '/v1/admin/projects', { name: 'fuzzed' });
  if (!project.ok) throw new Error(`making a project was answered ${project.status}`);
  const ids = new Map<string, string>();
  for (const [name, make] of Object.entries(makers)) ids.set(name, await make());
  const idOf = (...names: (keyof typeof makers)[]): string[] =>
    names.map((name) => ids.get(name) ?? '');
  const byId = Object.entries(makers).map(([name, make]) => [ids.get(name) ?? '', make] as const);
  return {
    ids: createLivingIds(new Map(byId)),
    values: {
      model: ['chat'],
      endpoint: ['/v1/chat/completions', '/v1/responses'],
      provider: ['main'],
      only: [['main']],
      except: [['spare']],
      body: [{ ...CHAT, user: 'u', metadata: { user_id: 'u' }, tools: [] }],
      url: [CALLBACK],
      project: ['default', 'fuzzed'],
      // Of projects: a list of thousands would be all that is measured.
      name: Array.from({ length: 40 }, (_, index) => `fuzzed-${index}`),
      expires_in: ['10m', 60],
      grace_period: ['24h', 0],
      completion_window: ['24h'],
      secret: [`whsec_${Buffer.alloc(32, 7).toString('base64')}`],
      metadata: [{ team: 'a', user_id: 'u' }],
      since: [SINCE],
      input_file_id: idOf('file'),
      after: [...idOf('job', 'file', 'delivery', 'batch', 'messageBatch'), '0', '0-0'],
      // Whole bodies: of some the document tells too little, others shall not be about all that is there.
      'POST /v1/chat/completions': [CHAT],
      'POST /v1/embeddings': [{ model: 'chat', input: 'hello' }],
      'POST /anthropic/v1/messages': [{ ...CHAT, max_tokens: 5 }],
      'PATCH /v1/webhooks/endpoints/{id}': [{ description: 'changed' }, { include: null }],
      'POST /v1/webhooks/endpoints/{id}/redeliver': [{ since: SINCE }, { dead_letters: true }],
      'POST /v1/webhooks/endpoints/{id}/test': [{}, { type: 'job.failed' }],
      'POST /v1/admin/projects': [{ name: 'fuzzed' }],
      'POST /v1/jobs/retry': [
        { filter: {}, limit: 2 },
        { filter: { status: 'failed' }, limit: 1 },
      ],
      'POST /v1/jobs/cancel': [
        { filter: {}, limit: 2 },
        { filter: {}, dry_run: true },
      ],
      'jobs.id': idOf('job', 'hangingJob'),
      'responses.id': idOf('response', 'hangingResponse'),
      'files.id': idOf('file'),
      'endpoints.id': idOf('endpoint'),
      'deliveries.id': idOf('delivery'),
      'batches.id': idOf('batch', 'messageBatch'),
      'keys.id': idOf('key'),
      'projects.name': ['fuzzed'],
      // The other one would keep all calls waiting while it is paused.
      'providers.id': ['spare'],
    },
  };
}

/** By what it is: makes one more, and says its id. */
function makersOf(broker: Broker) {
  const job = (model: string) => () =>
    post(broker, '/v1/jobs', { endpoint: '/v1/chat/completions', body: { ...CHAT, model } });
  const response = (model: string) => () =>
    post(broker, '/v1/responses', { model, input: 'hello', background: true });
  const file = (): Promise<string> => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([JSON.stringify(LINE)]), 'lines.jsonl');
    return post(broker, '/v1/files', form);
  };
  const endpoint = () =>
    orListed(broker, '/v1/webhooks/endpoints', { url: 'http://127.0.0.1:9/hook' });
  return {
    job: job('chat'),
    hangingJob: job('hanging'),
    response: response('chat'),
    hangingResponse: response('hanging'),
    file,
    endpoint,
    delivery: async () => post(broker, `/v1/webhooks/endpoints/${await endpoint()}/test`, {}),
    batch: async () =>
      post(broker, '/v1/batches', {
        input_file_id: await file(),
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      }),
    messageBatch: () =>
      post(broker, '/anthropic/v1/messages/batches', {
        requests: [{ custom_id: 'a', params: { ...CHAT, max_tokens: 5 } }],
      }),
    key: () => orListed(broker, '/v1/admin/keys', { project: 'fuzzed', scopes: ['read'] }),
  };
}

async function post(broker: Broker, path: string, body: unknown): Promise<string> {
  const response = await send(broker, path, body);
  if (response.ok) return madeSchema.parse(await response.json()).id;
  throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

/** Of what there may be so many alone: where there are so many, one of those is as good. */
async function orListed(broker: Broker, path: string, body: unknown): Promise<string> {
  const response = await send(broker, path, body);
  if (response.ok) return madeSchema.parse(await response.json()).id;
  const { data } = listSchema.parse(await (await broker.request(path)).json());
  // The environment's own key is the oldest, and is never taken back.
  const [newest] = data;
  if (newest === undefined) throw new Error(`${path} answered ${response.status}, and lists none`);
  return newest.id;
}

/** Comes again where it is asked to, as it may be on a busy machine. */
async function send(broker: Broker, path: string, body: unknown): Promise<Response> {
  const init =
    body instanceof FormData
      ? { body }
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  for (let tries = 1; ; tries += 1) {
    const response = await broker.request(path, { method: 'POST', ...init });
    if (response.status !== 503 || tries === MOST_TRIES) return response;
    await response.body?.cancel();
    await sleep(RETRY_AFTER_MS);
  }
}
