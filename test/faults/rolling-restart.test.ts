import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { expectLedgerKept } from './audit.ts';
import { createBalancedCaller } from './balanced-caller.ts';
import { createBalancer } from './balancer.ts';
import { WORKER, openFaultScene, type FaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import type { VendorCall } from './ledger-vendor.ts';

const size = faultSize({ full: { rounds: 10 }, short: { rounds: 1 } });
const GRACE_MS = 2000;
/** The caller's balancer asks far more often who is ready. */
const DRAIN_DELAY_MS = 600;
const CALLERS = 6;

/** The first call of a `long` job outlives the grace period; the others end within it. */
function createReplies(): (call: VendorCall) => Reply {
  const called = new Set<string>();
  return ({ token, number }) => {
    if (!token.startsWith('long') || called.has(token)) return { delayMs: 30 + (number % 5) * 60 };
    called.add(token);
    return { delayMs: GRACE_MS * 10 };
  };
}

/** SIGTERM. @returns how the process ended */
async function endOf(service: ServiceProcess | undefined): Promise<number | string | undefined> {
  service?.kill('SIGTERM');
  return service?.ended;
}

/** One after the other: workers and scheduler overlap with the next, the API's replicas take turns. */
async function restartAll(
  { replicas, vendor }: FaultScene,
  running: Map<string, ServiceProcess>,
  apis: { url: string; service: ServiceProcess }[],
): Promise<unknown[]> {
  const exits: unknown[] = [];
  for (const [name, old] of running) {
    running.set(name, await replicas.start(name));
    // Both run side by side for a while, as in a deployment.
    await vendor.waitForCalls(vendor.calls.length + 10);
    exits.push(await endOf(old));
  }
  for (const api of apis) {
    exits.push(await endOf(api.service));
    const next = await replicas.startApi({ PORT: new URL(api.url).port });
    api.service = next.service;
  }
  return exits;
}

test(
  'a rolling restart of every service breaks no request and repeats only calls beyond the grace period',
  async () => {
    await using scene = await openFaultScene({
      replyTo: createReplies(),
      providers: { only: 'concurrency: 32' },
      configuration: `
routes: { chat: { targets: [ { provider: only, model: m } ] } }
defaults: { gracePeriod: ${GRACE_MS}ms, drainDelay: ${DRAIN_DELAY_MS}ms }
`,
    });
    const { ledger, vendor, broker, client } = scene;
    const { services } = broker;
    const apis = [
      { url: broker.url, service: services.get('api')! },
      await scene.replicas.startApi(),
    ];
    const running = new Map(
      [WORKER, 'scheduler'].map((name) => [name, services.get(name)!] as const),
    );
    const urls = apis.map(({ url }) => url);
    await using balancer = createBalancer(urls);
    const caller = createBalancedCaller(balancer.ready, broker.apiKey, ledger);
    const over = new AbortController();
    const callers = Promise.all(
      Array.from({ length: CALLERS }, async (_, lane) => {
        for (let number = 0; !over.signal.aborted; number += 1) {
          await caller.submitAndPoll(`${number === 0 ? 'long' : 'short'}-${lane}-${number}`);
        }
      }),
    );
    callers.catch(() => undefined);

    await vendor.waitForCalls(CALLERS);
    const exits: unknown[] = [];
    for (let round = 0; round < size.rounds; round += 1) {
      exits.push(...(await restartAll(scene, running, apis)));
    }
    over.abort();
    await callers;
    const { accepted, calls, duplicateCalls } = await expectLedgerKept(ledger, client);
    const { answers } = caller;
    sayFigures('rolling restart', { ...size, accepted, calls, repeated: duplicateCalls, answers });
    expect(exits).toEqual(Array.from({ length: size.rounds * 4 }, () => 0));
    expect(Object.keys(answers).filter((status) => !/^(200|202|503)$/.test(status))).toEqual([]);
    // The first calls of the long jobs, and only those, were cut at the end of the grace period.
    expect(duplicateCalls).toBe(CALLERS);
    expect(calls - accepted).toBe(CALLERS);
  },
  size.rounds * 60_000 + 60_000,
);
