import { expect, test } from 'vitest';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { openKillScene } from './kill-scene.ts';
import type { KillScene } from './kill-scene.ts';
import { API_POINTS, SCHEDULER_POINTS, WORKER_POINTS } from './kill-points.ts';
import type { KillPoint } from './kill-points.ts';

const size = faultSize({
  full: { deaths: 50, deathsAtATime: 10 },
  short: { deaths: 1, deathsAtATime: 1 },
});
const LANES = 2;
const DEATH_TIMEOUT_MS = 20_000;

/**
 * Dies so many times at each point, several at a time, then lets all go on and audits.
 * @returns how many died
 */
async function dieAt(
  points: readonly KillPoint[],
  kill: (scene: KillScene, point: KillPoint) => Promise<void>,
  standIn?: KillPoint['service'],
): Promise<number> {
  await using scene = await openKillScene();
  let deaths = 0;
  for (let done = 0; done < size.deaths; done += size.deathsAtATime) {
    if (standIn !== undefined) await scene.rest(standIn);
    const round = Array.from({ length: size.deathsAtATime }, () => points).flat();
    await inParallel(round, LANES, (point) => kill(scene, point));
    deaths += round.length;
    if (standIn !== undefined) await scene.goOn(standIn);
    const { accepted, calls, duplicateCalls } = await scene.audit();
    const figures = { points: points.length, deaths, accepted, calls, duplicateCalls };
    sayFigures(`kill points of ${points[0]?.service}`, figures);
  }
  return deaths;
}

const timeoutOf = (points: readonly KillPoint[]) => points.length * size.deaths * DEATH_TIMEOUT_MS;

test.concurrent(
  'a worker may die at every step of a turn, and no job is lost or forked',
  async () => {
    const deaths = await dieAt(
      WORKER_POINTS,
      (scene, point) => scene.killAt(point),
      'worker-openai-compatible',
    );
    expect(deaths).toBe(WORKER_POINTS.length * size.deaths);
  },
  timeoutOf(WORKER_POINTS),
);

test.concurrent(
  'the API may die at every step of a submit, and the repeated submit finds the one job',
  async () => {
    const deaths = await dieAt(API_POINTS, (scene, point) => scene.killApiAt(point));
    expect(deaths).toBe(API_POINTS.length * size.deaths);
  },
  timeoutOf(API_POINTS),
);

test.concurrent(
  'the scheduler may die at every step of waking a job, and no job is lost or forked',
  async () => {
    const deaths = await dieAt(
      SCHEDULER_POINTS,
      (scene, point) => scene.killLeaderAt(point),
      'scheduler',
    );
    expect(deaths).toBe(SCHEDULER_POINTS.length * size.deaths);
  },
  timeoutOf(SCHEDULER_POINTS),
);
