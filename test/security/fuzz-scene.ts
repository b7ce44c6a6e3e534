import { startFakeVendor } from '../support/fake-vendor.ts';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';
import { heldBytes } from './held-bytes.ts';
import { readOperations } from './operations.ts';
import type { EndpointGroup } from './operations.ts';
import type { KnownValues } from './schema-value.ts';

/** Real services with a little of everything in them. */
export interface FuzzScene extends AsyncDisposable {
  broker: Broker;
  groups: readonly EndpointGroup[];
  /** What leads deeper: ids of things that are there (`jobs.id`), models that are routed. */
  known: KnownValues;
  /** What the API's process holds once its garbage is collected. */
  heldBytes(): Promise<number>;
}

/** Also where a call is accepted it shall end soon. */
const WAIT_TIMEOUT = '2s';

export async function startFuzzScene(): Promise<FuzzScene> {
  const vendor = await startFakeVendor();
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['batch-runner'],
    configuration: `
providers:
  main: { kind: openai-compatible, baseUrl: "${vendor.url}/main/v1", apiKey: "fuzz-vendor-key" }
  spare: { kind: openai-compatible, baseUrl: "${vendor.url}/spare/v1", apiKey: "fuzz-vendor-key" }
routes:
  chat:
    targets: [ { provider: main, model: model-a } ]
defaults: { waitTimeout: ${WAIT_TIMEOUT} }
outbound: { allow: [127.0.0.1] }
`,
    // Any free port, told on stderr.
    environment: { NODE_OPTIONS: '--inspect=127.0.0.1:0' },
  });
  const api = broker.services.get('api');
  const document: unknown = await (await broker.request('/openapi.json')).json();
  return {
    broker,
    groups: readOperations(document),
    known: await makeThings(broker),
    heldBytes: () => heldBytes(api?.output ?? []),
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await vendor.close();
    },
  };
}

async function makeThings(broker: Broker): Promise<KnownValues> {
  const make = async (path: string, body: unknown): Promise<string> => {
    const init =
      body instanceof FormData
        ? { body }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await broker.request(path, { method: 'POST', ...init });
    const made = (await response.json()) as { id: string };
    if (!response.ok)
      throw new Error(`${path} answered ${response.status}: ${JSON.stringify(made)}`);
    return made.id;
  };
  const messages = [{ role: 'user', content: 'hello' }];
  const form = new FormData();
  const request = {
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'chat', messages },
  };
  form.set('purpose', 'batch');
  form.set('file', new Blob([JSON.stringify({ custom_id: 'a', ...request })]), 'lines.jsonl');

  const job = await make('/v1/jobs', {
    endpoint: '/v1/chat/completions',
    body: { model: 'chat', messages },
  });
  const background = { model: 'chat', input: 'hello', background: true };
  const response = await make('/v1/responses', background);
  const file = await make('/v1/files', form);
  const endpoint = await make('/v1/webhooks/endpoints', { url: 'http://127.0.0.1:9/hook' });
  const delivery = await make(`/v1/webhooks/endpoints/${endpoint}/test`, {});
  const completions = { input_file_id: file, endpoint: '/v1/chat/completions' };
  const batch = await make('/v1/batches', { ...completions, completion_window: '24h' });
  const messageBatch = await make('/anthropic/v1/messages/batches', {
    requests: [{ custom_id: 'a', params: { model: 'chat', max_tokens: 5, messages } }],
  });
  return {
    model: ['chat'],
    endpoint: ['/v1/chat/completions', '/v1/responses'],
    provider: ['main'],
    only: [['main']],
    except: [['spare']],
    body: [{ model: 'chat', messages, user: 'u', metadata: { user_id: 'u' }, tools: [] }],
    url: ['http://127.0.0.1:9/callback'],
    project: ['default'],
    expires_in: ['10m', 60],
    grace_period: ['24h', 0],
    completion_window: ['24h'],
    secret: [`whsec_${Buffer.alloc(32, 7).toString('base64')}`],
    metadata: [{ team: 'a', user_id: 'u' }],
    input_file_id: [file],
    after: [job, file, delivery, batch, messageBatch, '0', '0-0'],
    'jobs.id': [job],
    'responses.id': [response],
    'files.id': [file],
    'endpoints.id': [endpoint],
    'deliveries.id': [delivery],
    'batches.id': [batch, messageBatch],
    'keys.id': ['key_00000000000000000000000000'],
  };
}
