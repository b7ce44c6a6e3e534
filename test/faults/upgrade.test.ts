import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { expectLedgerKept } from './audit.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import type { FaultScene } from './fault-scene.ts';
import { sayFigures } from './fault-size.ts';
import type { VendorCall } from './ledger-vendor.ts';
import { createPersistentClient } from './persistent-client.ts';
import { openPreviousRelease, previousReleaseMissing } from './previous-release.ts';
import { until } from './until.ts';

const missing = previousReleaseMissing();
if (missing !== undefined) process.stdout.write(`no rolling upgrade is tried: ${missing}\n`);

const CALLERS = 32;
const JOBS_AT_LEAST = 500;
/** Jobs that each of two releases begins while both run. */
const SIDE_BY_SIDE = 25;
const PATIENCE_MS = 90_000;

/** The first provider fails every third call, and now and then it wants to be left alone. */
function replyTo({ provider, number }: VendorCall): Reply {
  if (provider !== 'first') return { delayMs: 5 };
  if (number % 50 === 0) {
    return { status: 429, headers: { 'retry-after': '1' }, body: '{"error":{"message":"slow"}}' };
  }
  if (number % 3 === 0) return { status: 502, body: '{"error":{"message":"bad gateway"}}' };
  return { delayMs: 5 };
}

/** Worker and scheduler of one release. */
interface Release {
  services: readonly ServiceProcess[];
  /** How many turns its worker has begun. */
  begun(): number;
}

const SERVICES = [WORKER, 'scheduler'];
/** A worker says of each turn that it begins one. */
const ENVIRONMENT = { LOG_LEVEL: 'info' };

async function startRelease({ replicas }: FaultScene, folder?: string): Promise<Release> {
  return releaseOf(
    await Promise.all(SERVICES.map((name) => replicas.start(name, ENVIRONMENT, folder))),
  );
}

function tellsStart(line: string): boolean {
  return line.includes('"msg":"job started"');
}

function releaseOf(services: readonly ServiceProcess[]): Release {
  return {
    services,
    begun: () => services.flatMap(({ output }) => output.filter(tellsStart)).length,
  };
}

/** Both serve for a while, then only the one that comes. @returns how the other's processes ended */
async function takeTurns(from: Release, to: Release): Promise<unknown[]> {
  const before = [from.begun(), to.begun()] as const;
  await until('turns begun by both releases', PATIENCE_MS, () =>
    from.begun() >= before[0] + SIDE_BY_SIDE && to.begun() >= before[1] + SIDE_BY_SIDE
      ? true
      : undefined,
  );
  for (const service of from.services) service.kill('SIGTERM');
  const exits = await Promise.all(from.services.map(({ ended }) => ended));
  const alone = to.begun();
  await until('turns begun by the release that came', PATIENCE_MS, () =>
    to.begun() >= alone + SIDE_BY_SIDE ? true : undefined,
  );
  return exits;
}

test.skipIf(missing !== undefined)(
  'two releases share the jobs through a way back and an upgrade, and none is lost, doubled or failed',
  { timeout: 300_000 },
  async () => {
    using previous = openPreviousRelease();
    await using scene = await openFaultScene({
      replyTo,
      environment: ENVIRONMENT,
      providers: { first: 'concurrency: 8', second: 'concurrency: 8' },
      configuration: `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
  alone: { targets: [ { provider: first, model: m } ] }
defaults: { gracePeriod: 5s, drainDelay: 300ms }
`,
    });
    const { ledger, broker } = scene;
    const present = releaseOf(SERVICES.map((name) => broker.services.get(name)!));
    const [old, { url: oldUrl, service: oldApi }] = await Promise.all([
      startRelease(scene, previous.servicesFolder),
      scene.replicas.startApi(ENVIRONMENT, previous.servicesFolder),
    ]);
    // Callers meet the API of either release, whichever worker begins what they submit.
    const urls = [broker.url, oldUrl];
    let asked = 0;
    const client = createPersistentClient(
      () => urls[(asked += 1) % urls.length] ?? broker.url,
      broker.apiKey,
      ledger,
    );
    const over = new AbortController();
    const callers = Promise.all(
      Array.from({ length: CALLERS }, async (_, lane) => {
        for (let number = 0; !over.signal.aborted; number += 1) {
          const model = number % 10 === 0 ? 'alone' : 'chat';
          await client.watch(await client.submit(`lane-${lane}-${number}`, model));
        }
      }),
    );
    callers.catch(() => undefined);

    const exits = await takeTurns(present, old);
    const again = await startRelease(scene);
    exits.push(...(await takeTurns(old, again)));
    await until('jobs', PATIENCE_MS, () =>
      ledger.accepted.length >= JOBS_AT_LEAST ? true : undefined,
    );
    over.abort();
    await callers;
    const { accepted, calls, duplicateCalls } = await expectLedgerKept(ledger, client);
    const begun = { present: present.begun(), old: old.begun(), again: again.begun() };
    sayFigures('upgrade', { accepted, calls, repeated: duplicateCalls, begun });
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(duplicateCalls).toBe(0);
    expect(new Set(ledger.ends.map(({ status }) => status))).toEqual(new Set(['completed']));
    // Nobody stumbled over what the other release wrote.
    const said = [...present.services, ...old.services, ...again.services, oldApi].flatMap(
      ({ output }) => output.filter((line) => /"level":[56]0,/.test(line)),
    );
    expect(said).toEqual([]);
  },
);
