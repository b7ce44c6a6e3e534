import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeVendor, type FakeVendor } from './fake-vendor.ts';
import { startBroker, type Broker } from './start-broker.ts';

/** A batch as the API shows it in OpenAI's form. */
export interface BatchView {
  id: string;
  status: string;
  request_counts?: { total: number; completed: number; failed: number };
  output_file_id?: string;
  error_file_id?: string;
  errors?: { data: { code: string; line?: number }[] };
  [member: string]: unknown;
}

/** A line of an output or error file. */
export interface ResultLine {
  id: string;
  custom_id: string;
  response: { status_code: number; body: Record<string, unknown> } | null;
  error: { code: string; message: string } | null;
}

/** A broker that runs batches, and a vendor that answers. */
export interface BatchScene extends AsyncDisposable {
  broker: Broker;
  vendor: FakeVendor;
  /** Uploads the text and makes a batch of it. */
  create(input: string, headers?: Readonly<Record<string, string>>): Promise<BatchView>;
  get(id: string): Promise<BatchView>;
  cancel(id: string): Promise<BatchView>;
  /** Resolves once the batch is as wanted. @throws Error with its last state after the timeout */
  becomes(
    id: string,
    wanted: (batch: BatchView) => boolean,
    timeoutMs?: number,
  ): Promise<BatchView>;
  ended(id: string, timeoutMs?: number): Promise<BatchView>;
  /** Lines of a file; none where there is no file. */
  results(file: string | undefined): Promise<ResultLine[]>;
}

const ENDED = new Set(['completed', 'failed', 'expired', 'cancelled']);

export async function startBatchScene(
  options: {
    batches?: string;
    redisUrl?: string;
    environment?: Readonly<Record<string, string>>;
    services?: readonly string[];
    /** More text of the understudy.yaml. */
    configuration?: string;
  } = {},
): Promise<BatchScene> {
  const vendor = await startFakeVendor();
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['batch-runner', ...(options.services ?? [])],
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1" }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1" }
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
  other: { targets: [ { provider: second, model: n } ] }
batches: ${options.batches ?? '{}'}
${options.configuration ?? ''}
`,
  });
  const json = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await broker.request(path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  const batchAt = async (path: string, init?: RequestInit) => (await json(path, init)) as BatchView;
  const get = (id: string) => batchAt(`/v1/batches/${id}`);
  const becomes: BatchScene['becomes'] = async (id, wanted, timeoutMs = 60_000) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const batch = await get(id);
      if (wanted(batch)) return batch;
      if (performance.now() > deadline) {
        throw new Error(`the batch did not become as wanted: ${JSON.stringify(batch)}`);
      }
      // The API tells of batches only when it is asked.
      await sleep(50);
    }
  };

  return {
    broker,
    vendor,
    get,
    becomes,
    create: async (input, headers) => {
      const form = new FormData();
      form.set('purpose', 'batch');
      form.set('file', new Blob([input]), 'input.jsonl');
      const file = (await json('/v1/files', { method: 'POST', body: form })) as { id: string };
      return batchAt('/v1/batches', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          input_file_id: file.id,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      });
    },
    cancel: (id) => batchAt(`/v1/batches/${id}/cancel`, { method: 'POST' }),
    ended: (id, timeoutMs) => becomes(id, ({ status }) => ENDED.has(status), timeoutMs),
    results: async (file) => {
      if (file === undefined) return [];
      const response = await broker.request(`/v1/files/${file}/content`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${file} answered ${response.status}: ${text}`);
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ResultLine);
    },
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await vendor.close();
    },
  };
}

/** A line of an input. */
export function chatLine(customId: string, model = 'chat', content = customId): string {
  return JSON.stringify({
    custom_id: customId,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content }] },
  });
}

/** So many lines, `r1` to `r<count>`. */
export function chatLines(count: number, model?: string): string {
  return Array.from({ length: count }, (_, index) => chatLine(`r${index + 1}`, model)).join('\n');
}
