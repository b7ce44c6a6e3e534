import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';

/** How long the vendor takes for each job. */
const SERVICE_MS = 250;
const SUBMITTERS = 32;
const RETRY_AFTER_MS = 1000;

/** Of one job, from the start of its submit to its call at the vendor. */
export interface Wait {
  durationMs: number;
  /** Calls for other jobs that began between. */
  overtakenBy: number;
}

/** How a flood came in. */
export interface Flood {
  /** Submits that were accepted. */
  perSecond: number;
  /** Answers of 503: Redis stood still for longer than a caller waits, as while it rewrites its file. */
  refused: number;
}

/** Two projects and a provider that takes one job at a time. */
export interface FloodedQueue extends AsyncDisposable {
  flood(count: number): Promise<Flood>;
  /**
   * Waits of single jobs of the other project, one after another; between them the flood, if there
   * is one, has its turn.
   */
  singles(count: number): Promise<Wait[]>;
  /** Between the calls of the flood: what one job takes, with all that the broker adds. */
  serviceTimes(): number[];
}

export async function startFloodedQueue(): Promise<FloodedQueue> {
  const vendor = await startFakeVendor();
  vendor.onCall(() => true, { delayMs: SERVICE_MS });
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  narrow: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", apiKey: "narrow-key", concurrency: 1 }
routes:
  chat: { targets: [ { provider: narrow, model: m } ] }
# Shorter than the flood waits, so that it holds for old jobs as well.
defaults: { ageing: 2s }
`,
  });
  const [flooding, calm] = [await makeKey(broker, 'flooding'), await makeKey(broker, 'calm')];
  let [flooded, asked] = [0, 0];

  const single = async (): Promise<Wait> => {
    asked += 1;
    const prompt = `single ${asked}.`;
    let [before, start] = [0, 0];
    // The wait is that of a job: a submit that was to come again made none.
    await submitPatiently(broker, calm, prompt, () => {
      [before, start] = [vendor.calls.length, performance.now()];
    });
    const match = ({ body }: { body: string }): boolean => body.includes(prompt);
    const [call] = await vendor.waitForCalls(1, { match, timeoutMs: 60_000 });
    if (call === undefined) throw new Error(`there was no call for ${prompt}`);
    const wait = {
      durationMs: call.receivedAt - start,
      overtakenBy: vendor.calls.indexOf(call) - before,
    };
    await call.ended;
    if (flooded > 0) await vendor.waitForCalls(vendor.calls.length + 1);
    return wait;
  };
  return {
    flood: async (count) => {
      const prompts = Array.from({ length: count }, (_, index) => `flood ${index}`);
      const start = performance.now();
      const tries = await inParallel(prompts, SUBMITTERS, (prompt) =>
        submitPatiently(broker, flooding, prompt),
      );
      flooded += count;
      const refused = tries.reduce((sum, times) => sum + times - 1, 0);
      return { perSecond: (1000 * count) / (performance.now() - start), refused };
    },
    singles: async (count) => {
      const waits: Wait[] = [];
      for (let times = 0; times < count; times += 1) waits.push(await single());
      return waits;
    },
    serviceTimes: () => {
      const starts = vendor.calls.filter(({ body }) => body.includes('flood'));
      const pairs = starts.slice(1).map((call, index) => ({ call, before: starts[index] }));
      return pairs
        .filter(({ call, before }) => call.number === (before?.number ?? 0) + 1)
        .map(({ call, before }) => call.receivedAt - (before?.receivedAt ?? 0));
    },
    [Symbol.asyncDispose]: async () => {
      await broker.stop();
      await vendor.close();
    },
  };
}

async function makeKey(broker: Broker, project: string): Promise<string> {
  await post(broker.url, broker.apiKey, '/v1/admin/projects', { name: project });
  const made = await post(broker.url, broker.apiKey, '/v1/admin/keys', {
    project,
    scopes: ['submit'],
  });
  const { key } = (await made.json()) as { key: string };
  return key;
}

/**
 * Comes again as long as the broker asks for it, as it may under such a load.
 * @param begin called as each try begins
 * @returns how many tries it took
 */
async function submitPatiently(
  broker: Broker,
  key: string,
  prompt: string,
  begin: () => void = () => undefined,
): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    begin();
    if (await submit(broker, key, prompt)) return tries;
    await sleep(RETRY_AFTER_MS);
  }
}

/** @returns false when the broker could not take it now */
async function submit(broker: Broker, key: string, prompt: string): Promise<boolean> {
  const response = await post(broker.url, key, '/v1/jobs', {
    endpoint: '/v1/chat/completions',
    body: { model: 'chat', messages: [{ role: 'user', content: prompt }] },
  });
  await response.body?.cancel();
  if (response.status === 503) return false;
  if (response.status !== 202) throw new Error(`a submit was answered ${response.status}`);
  return true;
}

function post(url: string, key: string, path: string, body: object): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
