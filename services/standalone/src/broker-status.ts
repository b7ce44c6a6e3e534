import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const LOOK_AGAIN_MS = 100;

const providersSchema = z.object({
  data: z.array(z.object({ id: z.string(), alive: z.boolean(), dialects: z.array(z.string()) })),
});
const routesSchema = z.object({
  data: z.array(z.object({ name: z.string(), targets: z.array(z.string()) })),
});

export interface BrokerStatus {
  providers: z.infer<typeof providersSchema>['data'];
  routes: z.infer<typeof routesSchema>['data'];
}

/** Resolves when the API says that it and all it needs is ready; rejects when `signal` aborts. */
export async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await isReady(url)) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** What the running broker says of its providers and routes. */
async function readBrokerStatus(url: string, apiKey: string): Promise<BrokerStatus> {
  const [providers, routes] = await Promise.all([
    read(`${url}/v1/providers`, apiKey, providersSchema),
    read(`${url}/v1/routes`, apiKey, routesSchema),
  ]);
  return { providers: providers.data, routes: routes.data };
}

/**
 * Resolves when every configured provider has a live worker.
 * @returns the last status, also when `timeoutMs` has passed before
 */
export async function waitForProviders(
  url: string,
  apiKey: string,
  names: readonly string[],
  timeoutMs: number,
): Promise<BrokerStatus> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const status = await readBrokerStatus(url, apiKey);
    const alive = new Set(status.providers.filter((one) => one.alive).map((one) => one.id));
    if (names.every((name) => alive.has(name)) || performance.now() > deadline) return status;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function read<Schema extends z.ZodType>(
  url: string,
  apiKey: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return schema.parse(await response.json());
}
