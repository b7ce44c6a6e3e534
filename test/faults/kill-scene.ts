import { expect } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { connectToTestRedis } from '../support/redis.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { expectLedgerKept } from './audit.ts';
import type { LedgerReport } from './check-ledger.ts';
import { openFaultScene } from './fault-scene.ts';
import { armedWith, nameOf } from './kill-points.ts';
import type { KillPoint } from './kill-points.ts';
import { createLedger } from './ledger.ts';
import type { VendorCall } from './ledger-vendor.ts';
import { createPersistentClient } from './persistent-client.ts';
import { until } from './until.ts';

/** An armed process that has not died after so long gets another job to die of. */
const NUDGE_AFTER_MS = 2500;
const DIES_WITHIN_MS = 60_000;
/**
 * The vendor limits every `wait` job once, so each is a probe that fails and then one that succeeds:
 * they go through one by one, about 2.5 s each, and a round may leave a hundred of them.
 */
const DRAINS_WITHIN_MS = 600_000;

/** A broker of which single processes are made to die at a step, with a ledger beside it. */
export interface KillScene extends AsyncDisposable {
  /** Starts the point's service armed, and gives it jobs until it has died there. */
  killAt(point: KillPoint): Promise<void>;
  /** The same for the one scheduler that leads. */
  killLeaderAt(point: KillPoint): Promise<void>;
  /** The caller never learns what became of its submit, and repeats it elsewhere with the key. */
  killApiAt(point: KillPoint): Promise<void>;
  /** Takes the healthy process of a service away, and brings one back. */
  rest(service: KillPoint['service']): Promise<void>;
  goOn(service: KillPoint['service']): Promise<void>;
  audit(): Promise<LedgerReport>;
}

export async function openKillScene(): Promise<KillScene> {
  const scene = await openFaultScene({
    replyTo: createReplies(),
    providers: { first: 'concurrency: 200', second: 'concurrency: 200' },
    // A death that eats the success after a failure makes the next failure one in a row, and of those
    // not the vendor's word but what grows would say how long the model cools.
    configuration: `
defaults: { maxCooldown: 300ms }
routes:
  plain: { targets: [ { provider: first, model: m } ] }
  hand-over: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
  wait: { targets: [ { provider: second, model: w } ] }
`,
  });
  const { ledger, broker, replicas, client } = scene;
  let submitted = 0;
  const newToken = ({ route }: KillPoint) => `${route}-${(submitted += 1)}`;

  const killAt = async (point: KillPoint) => {
    const service = await replicas.start(point.service, armedWith(point));
    let fedAt = -Infinity;
    await expectDeath(service, point, async () => {
      if (performance.now() - fedAt < NUDGE_AFTER_MS) return;
      fedAt = performance.now();
      await client.submit(newToken(point), point.route);
    });
  };
  return {
    killAt,
    killLeaderAt: async (point) => {
      await takeLeaseAway(broker.keyPrefix);
      await killAt(point);
    },
    killApiAt: async (point) => {
      const { url, service } = await replicas.startApi(armedWith(point));
      // What this client is told is no news: the process dies before it can tell anything.
      const unlucky = createPersistentClient(() => url, broker.apiKey, createLedger());
      const token = newToken(point);
      void unlucky.submit(token, point.route).catch(() => undefined);
      await expectDeath(service, point, () => Promise.resolve());
      await client.submit(token, point.route);
    },
    rest: async (service) => broker.services.get(service)?.stop(),
    goOn: async (service) => void (await broker.startService(service)),
    audit: () => expectLedgerKept(ledger, client, DRAINS_WITHIN_MS),
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

/** A `wait` job is limited once, a `hand-over` job meets one overload; then all is well. */
function createReplies(): (call: VendorCall) => Reply {
  const callsMade = new Map<string, number>();
  return ({ token }) => {
    const made = (callsMade.get(token) ?? 0) + 1;
    callsMade.set(token, made);
    const body = { error: { message: 'too busy' } };
    if (made === 1 && token.startsWith('hand-over')) return { status: 503, body };
    if (made === 1 && token.startsWith('wait')) {
      return { status: 429, headers: { 'retry-after-ms': '300' }, body };
    }
    return { delayMs: 5 };
  };
}

async function expectDeath(
  service: ServiceProcess,
  point: KillPoint,
  meanwhile: () => Promise<void>,
): Promise<void> {
  let how: number | string | undefined;
  void service.ended.then((end) => (how = end));
  await until(`death at "${nameOf(point)}"`, DIES_WITHIN_MS, async () => {
    if (how === undefined) await meanwhile();
    return how;
  });
  expect(how, nameOf(point)).toBe('SIGKILL');
}

/** The next leader need not wait for the dead one's lease: it has run out, as far as Redis knows. */
async function takeLeaseAway(keyPrefix: string): Promise<void> {
  const redis = connectToTestRedis();
  try {
    await redis.del(`${keyPrefix}:{scheduler}:leader`);
  } finally {
    redis.disconnect();
  }
}
