import { expect, test } from 'vitest';
import { expectLedgerKept } from './audit.ts';
import { openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { canRecordFsync, startPowerlessRedis } from './powerless-redis.ts';

const size = faultSize({
  full: { losses: 21, jobsBetween: 1000 },
  short: { losses: 3, jobsBetween: 100 },
});
const SUBMITTERS = 32;
const DRAIN_WITHIN_MS = 180_000;
/** Beyond the second that `everysec` leaves between two flushes. */
const CONTROL_MS = 1300;

/** The operator says that it will do, so that the one that will not starts too. */
const openScene = (redisUrl: string) =>
  openFaultScene({
    redisUrl,
    providers: { only: 'concurrency: 32' },
    configuration: `
redis: { durability: assumed }
routes: { chat: { targets: [ { provider: only, model: m } ] } }
`,
  });

test.skipIf(!canRecordFsync())(
  'no acknowledged job is lost when the power fails',
  async () => {
    await using redis = await startPowerlessRedis('always');
    await using scene = await openScene(redis.url);
    const { ledger, client } = scene;
    let cutBytes = 0;
    const loseAndRestore = async () => {
      cutBytes += await redis.losePower();
      await redis.start();
    };
    for (let loss = 0; loss < size.losses; loss += 1) {
      const jobs = Array.from({ length: size.jobsBetween }, (_, index) => `${loss}-${index}`);
      // Somewhere in the second half of this stretch; what was not acknowledged is repeated.
      const fatal = Math.floor(jobs.length * (0.5 + 0.5 * Math.random()));
      let powerFails = Promise.resolve();
      await inParallel(jobs, SUBMITTERS, async (name) => {
        await client.submit(`power-${name}`, 'chat');
        if (name !== jobs[fatal]) return;
        powerFails = loseAndRestore();
      });
      await powerFails;
    }
    const acknowledged = ledger.accepted.length;
    const report = await expectLedgerKept(ledger, client, DRAIN_WITHIN_MS);
    const { accepted, calls, duplicateCalls } = report;
    const figures = { losses: size.losses, acknowledged, cutBytes, calls, duplicateCalls };
    sayFigures('power loss', figures);
    expect(accepted).toBe(size.losses * size.jobsBetween);
  },
  600_000,
);

test.skipIf(!canRecordFsync())(
  'with a flush a second the same loss of power does lose jobs, so that the trial means something',
  async () => {
    await using redis = await startPowerlessRedis('everysec');
    await using scene = await openScene(redis.url);
    const { ledger, client } = scene;
    const startedAt = performance.now();
    const lanes = Array.from({ length: 4 }, (_, lane) => lane);
    await inParallel(lanes, lanes.length, async (lane) => {
      for (let number = 0; performance.now() - startedAt < CONTROL_MS; number += 1) {
        await client.submit(`control-${lane}-${number}`, 'chat');
      }
    });
    const cutBytes = await redis.losePower();
    await redis.start();
    const ids = ledger.accepted.map(({ id }) => id);
    const found = await inParallel(ids, 8, (id) =>
      client.request(`/v1/jobs/${id}`).then(
        () => true,
        () => false,
      ),
    );
    const lost = found.filter((kept) => !kept).length;
    sayFigures('power loss with everysec', { acknowledged: ids.length, cutBytes, lost });
    expect(cutBytes).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
  },
  120_000,
);
