import { z } from 'zod';
import { API_KEY, chatJob, complete, submit } from './start-test-api.ts';
import type { TestApi } from './start-test-api.ts';
import { answerOf, makeDelivery, register } from './webhook-calls.ts';

/** Something that belongs to the project that made it. */
export interface OwnedThing {
  /** Matches the routes that name one, up to and including its id. */
  path: RegExp;
  /** Makes one of the project `default`, and gives its id. */
  make(api: TestApi): Promise<string>;
  /** Well-formed, and nobody's. */
  missing: string;
}

const withIdSchema = z.object({ id: z.string() });
const ZEROES = '0'.repeat(26);

/** Uploads an input of one line, and gives the file's id. */
export async function upload(
  api: TestApi,
  headers: Record<string, string> = { 'x-api-key': API_KEY },
): Promise<string> {
  const line = {
    custom_id: 'a',
    method: 'POST',
    url: '/v1/chat/completions',
    body: chatJob().body,
  };
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([`${JSON.stringify(line)}\n`]), 'lines.jsonl');
  const response = await fetch(`${api.url}/v1/files`, {
    method: 'POST',
    headers,
    body: form,
  });
  return (await answerOf(response, 200, withIdSchema)).id;
}

async function post(api: TestApi, path: string, body: unknown): Promise<string> {
  const response = await api.call(path, { method: 'POST', body });
  return (await answerOf(response, 200, withIdSchema)).id;
}

async function finishedJob(api: TestApi): Promise<string> {
  const id = await submit(api);
  await complete(api, id);
  return id;
}

async function backgroundResponse(api: TestApi): Promise<string> {
  const body = { model: 'two-ways', input: 'hello', background: true };
  return post(api, '/v1/responses', body);
}

/** Whatever a path can name that belongs to a project. A new kind of thing needs a line here. */
export const OWNED_THINGS: readonly OwnedThing[] = [
  { path: /^\/v1\/jobs\/:id/, make: finishedJob, missing: `job_${ZEROES}` },
  {
    path: /^(?:\/openai)?\/v1\/responses\/:\w+/,
    make: backgroundResponse,
    missing: `resp_${ZEROES}`,
  },
  { path: /^(?:\/openai)?\/v1\/files\/:id/, make: upload, missing: `file-${ZEROES}` },
  {
    path: /^(?:\/openai)?\/v1\/batches\/:id/,
    make: async (api) =>
      post(api, '/v1/batches', {
        input_file_id: await upload(api),
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      }),
    missing: `batch_${ZEROES}`,
  },
  {
    path: /^\/anthropic\/v1\/messages\/batches\/:id/,
    make: (api) =>
      post(api, '/anthropic/v1/messages/batches', {
        requests: [
          {
            custom_id: 'a',
            params: {
              model: 'two-ways',
              max_tokens: 5,
              messages: [{ role: 'user', content: 'hello' }],
            },
          },
        ],
      }),
    missing: `msgbatch_${ZEROES}`,
  },
  {
    path: /^\/v1\/webhooks\/endpoints\/:id/,
    make: async (api) => (await register(api)).id,
    missing: `we_${'0'.repeat(24)}`,
  },
  {
    path: /^\/v1\/webhooks\/deliveries\/:id/,
    make: async (api) => (await makeDelivery(api, (await register(api)).id)).id,
    missing: `del_test_${'0'.repeat(18)}_${'0'.repeat(12)}`,
  },
];
