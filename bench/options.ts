import { parseArgs } from 'node:util';

export interface BenchOptions {
  rounds: number;
  /** Jobs of 1 kB per round and contender; of 30 kB a quarter of it. */
  jobs: number;
  idleJobs: number;
  clientConcurrency: number;
  only?: 'broker' | 'yardstick';
}

const QUICK: BenchOptions = { rounds: 3, jobs: 4000, idleJobs: 60, clientConcurrency: 50 };
const FULL: BenchOptions = { rounds: 7, jobs: 10_000, idleJobs: 200, clientConcurrency: 50 };

/** @throws Error naming an option that makes no sense */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    // pnpm hands on the `--` that separates its own options from the script's.
    args: args.filter((argument) => argument !== '--'),
    options: {
      quick: { type: 'boolean' },
      full: { type: 'boolean' },
      rounds: { type: 'string' },
      jobs: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const preset = values.full === true ? FULL : QUICK;
  const options: BenchOptions = {
    ...preset,
    rounds: positiveInteger('--rounds', values.rounds) ?? preset.rounds,
    jobs: positiveInteger('--jobs', values.jobs) ?? preset.jobs,
  };
  if (values.only === undefined) return options;
  if (values.only === 'broker' || values.only === 'yardstick') {
    return { ...options, only: values.only };
  }
  throw new Error(`--only is "${values.only}"; give broker or yardstick`);
}

function positiveInteger(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} is "${text}"; give a whole number above 0`);
}
