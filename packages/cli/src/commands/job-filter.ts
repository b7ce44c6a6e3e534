import { jobStatusSchema } from '@understudy/contracts';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { readPair } from './arguments.ts';

/** Which jobs are meant, as the broker's bulk requests take it. */
const filterSchema = z.object({
  status: jobStatusSchema.exactOptional(),
  model: z.string().exactOptional(),
  route: z.string().exactOptional(),
  provider: z.string().exactOptional(),
  error: z.string().exactOptional(),
  batch: z.string().exactOptional(),
  metadata: z.record(z.string(), z.string()).exactOptional(),
  created_after: z.string().exactOptional(),
  created_before: z.string().exactOptional(),
});
export type JobFilter = z.infer<typeof filterSchema>;

const optionsSchema = filterSchema.omit({ created_after: true, created_before: true }).extend({
  since: z.string().exactOptional(),
  until: z.string().exactOptional(),
});

const MILLISECONDS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** @param now milliseconds since the epoch, which `2h` counts back from */
export function filterOptions(now: () => number): Option[] {
  const readInstant = (text: string): string => instantOf(text, now());
  return [
    new Option('--status <status>', 'only those').choices(jobStatusSchema.options),
    new Option('--model <name>', 'only those that asked for this model'),
    new Option('--route <name>', 'only those that took this route'),
    new Option('--provider <name>', 'only those it answered, or in whose queue they stand'),
    new Option('--error <rule>', 'only those that failed by this rule or code'),
    new Option('--batch <id>', 'only the lines of this batch'),
    new Option('--metadata <key=value>', 'only those with this pair; may be repeated').argParser(
      readPair,
    ),
    new Option('--since <time>', 'only those accepted since, as 2h or 2026-11-22T09:00Z').argParser(
      readInstant,
    ),
    new Option('--until <time>', 'only those accepted before').argParser(readInstant),
  ];
}

/** What the options of a command line say together. */
export function readFilter(options: Record<string, unknown>): JobFilter {
  const { since, until, ...rest } = optionsSchema.parse(options);
  return {
    ...rest,
    ...(since === undefined ? {} : { created_after: since }),
    ...(until === undefined ? {} : { created_before: until }),
  };
}

/** The same for a list, whose pairs of metadata stand in a query. */
export function asQuery({ metadata, ...rest }: JobFilter) {
  const pairs = Object.entries(metadata ?? {}).map(([name, value]) => `${name}:${value}`);
  return { ...rest, ...(pairs.length === 0 ? {} : { metadata: pairs }) };
}

/** What a command line says beside the filter. */
interface Meaning {
  ids: readonly string[];
  all: boolean;
  dryRun: boolean;
}

/**
 * @throws CommandError where neither ids nor a filter say which jobs are meant, or both do, and for
 *   ids with --dry-run, which counts what a filter finds
 */
export function checkMeaning({ ids, all, dryRun }: Meaning, filter: JobFilter): void {
  const isFiltered = all || Object.keys(filter).length > 0;
  if (dryRun && ids.length > 0) {
    throw new CommandError(
      '--dry-run goes with a filter; "understudy get <id>" shows how a job stands',
      EXIT.usage,
    );
  }
  if (ids.length > 0 !== isFiltered) return;
  throw new CommandError(
    isFiltered
      ? 'ids and a filter cannot both be meant; give one of them'
      : 'say which jobs: their ids, a filter such as --status failed, or --all',
    EXIT.usage,
  );
}

const daySchema = z.iso.date();
/** Of RFC 3339, seconds and offset left out at will; without an offset, of this machine's clock. */
const TIME = /^T(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$/;

/** Whether `Date` reads it as what it says: it makes some instant of `10` and of 31 November too. */
function isInstant(text: string): boolean {
  const [day, time] = [text.slice(0, 10), text.slice(10)];
  return daySchema.safeParse(day).success && (time === '' || TIME.test(time));
}

function instantOf(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const at = new Date(count === undefined ? text : now - Number(count) * MILLISECONDS[unit]!);
  const isMeant = count !== undefined || isInstant(text);
  if (isMeant && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError(
    'Give a time such as 2026-11-22T09:00Z or 2026-11-22, or how long ago: 30m, 2h.',
  );
}
