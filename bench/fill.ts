import type { Contender, SeedOptions } from './contender.ts';
import type { RedisWatch } from './redis-watch.ts';

/** Puts jobs in, and waits until lists, events and counts have heard of all; says how long it took. */
export async function fill(
  contender: Contender,
  watch: RedisWatch,
  jobs: number,
  options?: SeedOptions,
): Promise<void> {
  const startedAt = performance.now();
  await contender.seed(jobs, options);
  const seededAt = performance.now();
  await watch.untilRelayed();
  const [seeding, relaying] = [seededAt - startedAt, performance.now() - seededAt];
  console.log(
    `        ${jobs} jobs put in within ${seconds(seeding)}, relayed ${seconds(relaying)} later`,
  );
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
