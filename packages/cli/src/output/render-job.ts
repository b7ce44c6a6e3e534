import type { Job, JobSummary } from '@understudy/client';
import { answerText } from '../answer-text.ts';
import { colourStatus } from './colours.ts';
import { formatDollars } from '@understudy/contracts';
import { formatDuration, formatRelative } from './duration-text.ts';
import { formatFacts } from './facts.ts';
import type { ListWords } from './list-words.ts';
import type { Style } from './output.ts';
import { safeLine, safeText } from './safe-text.ts';
import { formatTable } from './table.ts';

type Attempt = Job['attempts'][number];

const LONGEST_REASON = 100;

/** One job with all that was tried, and its answer. */
export function renderJob(job: Job, style: Style): string {
  const { colours } = style;
  const head = `${colours.strong(job.id)}  ${colourStatus(job.status, colours)}\n`;
  const facts = formatFacts(
    [
      ['project', job.project],
      ['model', modelText(job)],
      ['endpoint', job.endpoint],
      ['created', timesText(job, style.now)],
      ['at', currentText(job, style.now)],
      ['waiting', waitingText(job, style.now)],
      ['usage', usageText(job)],
      ['may cost', job.max_cost === undefined ? undefined : formatDollars(job.max_cost)],
      ['metadata', job.metadata === undefined ? undefined : safeText(pairsText(job.metadata))],
      ['error', job.error === undefined ? undefined : colours.bad(errorText(job.error))],
    ],
    style,
  );
  const attempts = job.attempts.length === 0 ? '' : `\n${attemptTable(job.attempts, style)}`;
  const answer = readableAnswer(job);
  return `${head}${facts}${attempts}${answer === undefined ? '' : `\n${safeText(answer)}\n`}`;
}

/** What the model said, where it can be shown as text: an answer without any is shown as JSON. */
export function readableAnswer({ result }: Job): string | undefined {
  if (result === undefined || result.body === undefined) return undefined;
  const answer = answerText(result.body);
  return typeof answer === 'string' ? answer : JSON.stringify(answer ?? result.body);
}

/** Jobs as a list, newest first. */
export function renderJobs(
  jobs: readonly JobSummary[],
  { colours, now }: Style,
  { none, ofAllProjects }: ListWords,
): string {
  const rows = jobs.map((job) => [
    job.id,
    ...(ofAllProjects ? [job.project] : []),
    colourStatus(job.status, colours),
    safeLine(job.model, 40),
    formatRelative(job.created_at, now),
    tookText(job) ?? '',
    costText(job) ?? '',
    job.error === undefined ? '' : safeLine(errorText(job.error), LONGEST_REASON),
  ]);
  const project = ofAllProjects ? ['PROJECT'] : [];
  const headings = ['ID', ...project, 'STATUS', 'MODEL', 'CREATED', 'TOOK', 'COST', 'ERROR'];
  return formatTable(headings.map(colours.dim), rows, none);
}

function attemptTable(attempts: readonly Attempt[], { colours }: Style): string {
  const rows = attempts.map((attempt) => [
    `  ${attempt.number}`,
    safeLine(attempt.target, 50),
    safeLine(attempt.model_sent ?? '', 50),
    attempt.outcome === 'succeeded' ? colours.good(attempt.outcome) : attempt.outcome,
    attempt.status_code === undefined ? '' : String(attempt.status_code),
    attempt.rule ?? '',
    attempt.duration_ms === undefined ? '' : formatDuration(attempt.duration_ms),
    safeLine(attempt.error?.message ?? '', LONGEST_REASON),
  ]);
  const headings = ['  #', 'TARGET', 'SENT AS', 'OUTCOME', 'HTTP', 'RULE', 'TOOK', 'SAID'];
  return formatTable(headings.map(colours.dim), rows, '');
}

function modelText({ model, result }: Job): string {
  if (result === undefined) return safeText(model);
  const served = result.model === undefined ? '' : ` as ${result.model}`;
  return safeText(`${model}, answered by ${result.provider}${served}`);
}

function timesText(job: JobSummary, now: number): string {
  const took = tookText(job);
  return `${formatRelative(job.created_at, now)}${took === undefined ? '' : `, took ${took}`}`;
}

function tookText({ created_at: from, completed_at: to }: JobSummary): string | undefined {
  return to === undefined ? undefined : formatDuration(Date.parse(to) - Date.parse(from));
}

function currentText({ current, status }: JobSummary, now: number): string | undefined {
  if (current === undefined) return undefined;
  const { provider, model, since } = current;
  const target = model === undefined ? provider : `${provider}/${model}`;
  const does = status === 'in_progress' ? 'called' : 'in its queue since';
  return safeText(`${target}, ${does} ${formatRelative(since, now)}`);
}

function waitingText(job: JobSummary, now: number): string | undefined {
  const { waiting } = job;
  if (waiting === undefined) return undefined;
  const rooms = waiting.rooms.map(({ provider, model }) => `${provider}/${model}`).join(', ');
  // A job that rests before its next round stands in no room.
  const where = rooms === '' ? '' : `: ${rooms}`;
  // Nobody knows when somebody resumes a provider: that wait ends with the job's life at the latest.
  if (waiting.reason === 'paused') {
    const leftMs = Date.parse(job.expires_at) - now;
    return safeText(`paused${where} (until resumed; expires in ${formatDuration(leftMs)})`);
  }
  return safeText(`${waiting.reason}, ${dueText(waiting, now)}${where}`);
}

/** A target whose cool-down is over stays closed until a job was answered there. */
function dueText({ reason, until }: NonNullable<JobSummary['waiting']>, now: number): string {
  const due = formatRelative(until, now);
  if (Date.parse(until) >= now || due === 'now') return due;
  return `was due ${due}${reason === 'cooling_down' ? ' (one job probes)' : ''}`;
}

function usageText(job: JobSummary): string | undefined {
  const { input_tokens: input, output_tokens: output } = job.usage ?? {};
  const parts = [
    ...(input === undefined ? [] : [`${input} tokens in`]),
    ...(output === undefined ? [] : [`${output} out`]),
    costText(job) ?? '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function costText({ cost }: JobSummary): string | undefined {
  if (cost === undefined || cost.status === 'unknown') return undefined;
  return `${cost.status === 'partial' ? '≥ ' : ''}${formatDollars(cost.amount)}`;
}

function errorText({ code, message }: NonNullable<JobSummary['error']>): string {
  return safeText(`${message} (${code})`);
}

function pairsText(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
