import { fitLine } from './fit-line.ts';
import { measureThroughput } from './measure-throughput.ts';
import { startStage } from './stage.ts';
import { median } from './statistics.ts';

/** Of a round, by kilobytes of the request, so that each size takes a few seconds. */
const JOBS = { 1: 4000, 30: 2000, 100: 600, 200: 300, 500: 120 };
type Kilobytes = keyof typeof JOBS;
/** The only size that the fake provider gives its small answer. */
const SMALL = 1;
/** These get the large answer, so that only the request differs. */
const FITTED = [30, 200, 500] as const;
/** The model does not know it; what it says of it is held against what is measured. */
const HELD_OUT = 100;
/** What a large answer has more than a small one, and what it has in all. */
const ANSWER = { more: 28, large: 30 };
const CLIENTS = 50;
const ROUNDS = 5;

/** Median over the rounds of the CPU microseconds that a job of this size costs this process. */
type CostOf = (kilobytes: Kilobytes, process: string) => number;

/**
 * The model behind docs/capacity.md: what a job costs each process, as a line over the sizes of its
 * request and answer; and how far it is off for a size that it was not made from.
 */
async function measureCapacity(): Promise<void> {
  const { processes, costOf } = await measureCosts();
  const lines = processes.map((process) => {
    const line = fitLine(FITTED.map((kilobytes) => [kilobytes, costOf(kilobytes, process)]));
    const ofMore = line.intercept + line.slope * SMALL - costOf(SMALL, process);
    const perAnswerKilobyte = ofMore / ANSWER.more;
    return {
      process,
      perJob: line.intercept - perAnswerKilobyte * ANSWER.large,
      perRequestKilobyte: line.slope,
      perAnswerKilobyte,
      predicted: line.intercept + line.slope * HELD_OUT,
      measured: costOf(HELD_OUT, process),
    };
  });
  console.log(`\nµs of CPU; predicted and measured: a request of ${HELD_OUT} kB`);
  console.table(lines.map(rounded));
  const sum = (of: 'predicted' | 'measured'): number =>
    lines.reduce((total, line) => total + line[of], 0);
  const percent = (sum('predicted') / sum('measured') - 1) * 100;
  console.log(`all processes: the model is ${percent.toFixed(0)} % off`);
}

/** Every size in each round, after one that does not count, since the code is compiled in it. */
async function measureCosts(): Promise<{ processes: string[]; costOf: CostOf }> {
  await using stack = new AsyncDisposableStack();
  const setting = { contenders: ['broker'], clientConcurrency: CLIENTS, profile: false } as const;
  const stage = await startStage(stack, setting);
  const [broker] = stage.contenders;
  if (broker === undefined) throw new Error('no broker was started');
  const rounds = new Map<string, Record<string, number>[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [kilobytes, jobs] of Object.entries(JOBS)) {
      const { cpuMicrosecondsPerJob } = await measureThroughput(broker, stage, {
        jobs,
        requestBytes: Number(kilobytes) * 1000,
        clientConcurrency: CLIENTS,
      });
      if (round === 0) continue;
      rounds.set(kilobytes, [...(rounds.get(kilobytes) ?? []), cpuMicrosecondsPerJob]);
      console.log(`round ${round}, ${kilobytes} kB`, rounded(cpuMicrosecondsPerJob));
    }
  }
  return {
    processes: Object.keys(rounds.get(String(SMALL))?.[0] ?? {}),
    costOf: (kilobytes, process) =>
      median((rounds.get(String(kilobytes)) ?? []).map((costs) => costs[process] ?? 0)),
  };
}

function rounded(row: Readonly<Record<string, string | number>>): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(3)) : value,
    ]),
  );
}

await measureCapacity();
