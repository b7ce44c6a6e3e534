import type { Job } from '@understudy/client';
import { formatRelative } from '../output/duration-text.ts';
import { safeLine } from '../output/safe-text.ts';
import type { Session } from '../session.ts';

const LONGEST_WORDS = 200;

type Waiting = NonNullable<Job['waiting']>;

/**
 * For whoever waits for a job's end: tells each wait of the job once, with why and until when, for a
 * provider that refuses its key would be waited for in silence.
 */
export function waitTeller({ output, now }: Session): (job: Job) => void {
  let told: string | undefined;
  return ({ id, waiting, waits, attempts }) => {
    if (waiting === undefined) return;
    const since = waits.at(-1)?.started_at;
    if (since === told) return;
    told = since;
    output.note(`understudy: ${id} waits: ${waitText(waiting, attempts, now())}`);
  };
}

function waitText(waiting: Waiting, attempts: Job['attempts'], now: number): string {
  const nextTry = `next try ${formatRelative(Math.max(now, Date.parse(waiting.until)), now)}`;
  if (waiting.reason === 'interrupted') return `its call was interrupted, ${nextTry}`;
  if (waiting.reason === 'backoff') {
    const last = attempts.findLast(({ outcome }) => outcome === 'failed');
    const why = last === undefined ? 'nobody serves it' : `${last.provider} failed`;
    return `${why}${reasonText(last)}, ${nextTry}`;
  }
  const providers = [...new Set(waiting.rooms.map(({ provider }) => provider))];
  const closed = providers.map((provider) => closedText(provider, attempts)).join(', ');
  const why = closed === '' ? 'its targets are closed' : closed;
  // Nobody knows when somebody resumes a paused one.
  return waiting.reason === 'paused' ? why : `${why}, ${nextTry}`;
}

function closedText(provider: string, attempts: Job['attempts']): string {
  const last = attempts.findLast((attempt) => attempt.provider === provider);
  if (last?.rule === 'paused') {
    return `${provider} is paused; "understudy providers resume ${provider}" ends that`;
  }
  const failed = attempts.findLast(
    (attempt) => attempt.provider === provider && attempt.outcome === 'failed',
  );
  // It cooled down by another job.
  if (failed === undefined) return `${provider} cools down ("understudy doctor" tells why)`;
  return `${provider} cools down${reasonText(failed)}`;
}

function reasonText(failed: Job['attempts'][number] | undefined): string {
  if (failed?.rule === undefined) return '';
  const words = failed.error?.message;
  return ` (${failed.rule}${words === undefined ? '' : `: ${safeLine(words, LONGEST_WORDS)}`})`;
}
