import { parseArgs } from 'node:util';
import { CONTENDER_NAMES, type ContenderName } from './contender.ts';
import { LARGE_PARTS, PART_NAMES, PROFILED_PARTS, type PartName } from './part.ts';

export interface BenchOptions {
  size: 'quick' | 'full';
  rounds: number;
  /** Of 1 kB, per round and contender; of larger ones fewer. */
  jobs: number;
  /** Jobs on an idle system, per round and contender. */
  idleJobs: number;
  /** Submits in flight at a time. */
  clientConcurrency: number;
  parts: readonly PartName[];
  contenders: readonly ContenderName[];
  /** Profiles the services under load instead of measuring anything. */
  profile: boolean;
}

export const USAGE = `pnpm bench [options]

Runs the broker and a program written by hand side by side, prints a table of their ratios and writes
everything to bench/results/latest.json. Needs Linux, redis-server on the PATH and a quiet machine.

  --quick            under 3 minutes: fewer rounds, and not the parts with very many jobs
  --only PARTS       these parts, parted by commas; repeatable. Parts:
                     ${PART_NAMES.join(', ')}
  --rounds N         rounds of each part
  --jobs N           jobs of 1 kB in a round
  --contender NAME   one of ${CONTENDER_NAMES.join(', ')}; without ratios
  --profile          flame graphs instead of figures, in bench/results/profiles/; --only takes
                     ${PROFILED_PARTS.join(', ')}
  --help             print this

Exit code: 0 all was measured · 1 a part came to no end · 2 an option is wrong
`;

/** An option that makes no sense; the message names it and its value. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const QUICK = { rounds: 3, jobs: 1500, idleJobs: 30 };
const FULL = { rounds: 7, jobs: 10_000, idleJobs: 200 };
const CLIENT_CONCURRENCY = 50;

export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = parsed(args);
  const preset = values.quick ? QUICK : FULL;
  return {
    ...preset,
    size: values.quick ? 'quick' : 'full',
    rounds: positiveInteger('--rounds', values.rounds) ?? preset.rounds,
    jobs: positiveInteger('--jobs', values.jobs) ?? preset.jobs,
    clientConcurrency: CLIENT_CONCURRENCY,
    parts: chosenParts(values),
    contenders:
      values.contender === undefined
        ? CONTENDER_NAMES
        : chosen('--contender', [values.contender], CONTENDER_NAMES),
    profile: values.profile,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      // pnpm hands on the `--` that separates its own options from the script's.
      args: args.filter((argument) => argument !== '--'),
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        jobs: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        contender: { type: 'string' },
        profile: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function chosenParts({
  only,
  quick,
  profile,
}: {
  only: readonly string[];
  quick: boolean;
  profile: boolean;
}): readonly PartName[] {
  if (only.length > 0) return chosen('--only', only, profile ? PROFILED_PARTS : PART_NAMES);
  if (profile) return PROFILED_PARTS.slice(0, 1);
  return quick ? PART_NAMES.filter((name) => !LARGE_PARTS.includes(name)) : PART_NAMES;
}

/** In the order of `known`, whatever the order they were given in; commas part them too. */
function chosen<Name extends string>(
  option: string,
  given: readonly string[],
  known: readonly Name[],
): Name[] {
  const names = given.flatMap((text) => text.split(','));
  for (const name of names) {
    if (!known.some((one) => one === name)) {
      throw new UsageError(`${option} is "${name}"; give one of ${known.join(', ')}`);
    }
  }
  return known.filter((name) => names.includes(name));
}

function positiveInteger(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError(`${option} is "${text}"; give a whole number above 0`);
}
