import type { Option } from '@commander-js/extra-typings';
import { ask } from '../ask.ts';
import { collectItems } from '../collect-items.ts';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { colourStatus } from '../output/colours.ts';
import { renderJob, renderJobs } from '../output/render-job.ts';
import type { Session } from '../session.ts';
import { whereLooked } from '../where-looked.ts';
import { readCount } from './arguments.ts';
import { actOnMany, howToGoOn, renderBulk } from './bulk-jobs.ts';
import type { BulkAction } from './bulk-jobs.ts';
import { asQuery, checkMeaning, filterOptions, readFilter } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { showList } from './show-list.ts';

const DEFAULT_LIMIT = 20;

/** What looks at jobs and changes them, without waiting. */
export function addJobs(parent: CommandParent): void {
  addGet(parent);
  addCancel(parent);
  addList(parent);
  addRetry(parent);
  addRemove(parent);
}

function addGet(parent: CommandParent): void {
  parent
    .command('get')
    .description('Shows a job: its state, its answer or error, and every attempt')
    .argument('<id>', 'of the job')
    .addHelpText('after', '\nExample:\n  understudy get job_01… --json | jq .result.body')
    .action(async (id) => {
      const { client, output } = parent.session();
      output.show(await client().get(id), renderJob);
    });
}

function addCancel(parent: CommandParent): void {
  const command = parent
    .command('cancel')
    .description('Cancels jobs: a queued one never starts, a running call is aborted')
    .argument('[ids...]', 'of the jobs; or give a filter')
    .option('--all', 'all that have not ended')
    .option('--dry-run', 'only says how many fit the filter')
    .addHelpText('after', '\nExample:\n  understudy cancel --route opus --since 2h --dry-run');
  addFilter(parent, command);
  command.action(async (ids, { all = false, dryRun = false }) => {
    const filter = readFilter(command.opts());
    checkMeaning({ ids, all, dryRun }, filter);
    if (ids.length === 0) return actOnFiltered(parent, { action: 'cancel' }, filter, dryRun);
    const { client, output } = parent.session();
    for (const id of ids) {
      const job = await client().cancel(id);
      output.showOne(
        job,
        (value, { colours }) => `${value.id}  ${colourStatus(value.status, colours)}\n`,
      );
      // It had ended otherwise before.
      if (job.status !== 'cancelled') parent.exitWith(EXIT.failed);
    }
  });
}

function addList(parent: CommandParent): void {
  const command = parent
    .command('ls')
    .description('Lists jobs, newest first')
    .option('-n, --limit <count>', 'how many', readCount, DEFAULT_LIMIT)
    .addHelpText('after', '\nExample:\n  understudy ls --status failed --limit 100 --json');
  addFilter(parent, command);
  command.action(async ({ limit }) => {
    const session = parent.session();
    const jobs = session.client().list(asQuery(readFilter(command.opts())));
    await showList(session, await collectItems(jobs, limit), 'job', renderJobs);
  });
}

function addRetry(parent: CommandParent): void {
  const command = parent
    .command('retry')
    .description('Makes new jobs from those that have ended, with the same requests')
    .argument('[id]', 'of the job that ended; or give a filter')
    .option('--all', 'all that failed, expired or were cancelled')
    .option('--dry-run', 'only says how many fit the filter')
    .option(
      '--key <key>',
      'idempotency key: whatever is retried under it is retried once; told where a run is stopped',
    )
    .addHelpText('after', '\nExample:\n  understudy retry --status failed --metadata run=7');
  addFilter(parent, command);
  command.action(async (id, { all = false, dryRun = false, key = crypto.randomUUID() }) => {
    const filter = readFilter(command.opts());
    checkMeaning({ ids: id === undefined ? [] : [id], all, dryRun }, filter);
    if (id === undefined) return actOnFiltered(parent, { action: 'retry', key }, filter, dryRun);
    const session = parent.session();
    const job = await ask(session, 'POST', `/v1/jobs/${encodeURIComponent(id)}/retry`, key);
    session.output.show(job, ({ id: made }) => `${String(made)}\n`);
  });
}

function addFilter(
  { session }: CommandParent,
  command: { addOption(option: Option): unknown },
): void {
  for (const option of filterOptions(() => session().now())) command.addOption(option);
}

async function actOnFiltered(
  parent: CommandParent,
  what: BulkAction,
  filter: JobFilter,
  dryRun: boolean,
): Promise<void> {
  const session = parent.session();
  const { sum, failure } = await actOnMany(session, what, filter, dryRun);
  if (failure === undefined || sum.matched > 0) {
    const where = sum.matched > 0 || session.output.json ? '' : await noneToActOn(session);
    session.output.show(sum, (value) => renderBulk(value, where));
  }
  const next = howToGoOn(sum);
  if (next !== undefined) session.output.note(next);
  if (failure !== undefined && (sum.matched === 0 || session.signal.aborted)) throw failure;
  if (sum.skipped.length > 0 || sum.stopped !== undefined) parent.exitWith(EXIT.failed);
}

async function noneToActOn(session: Session): Promise<string> {
  const { of, mayLookFurther } = await whereLooked(session);
  return `: no job${of} fits${mayLookFurther ? ' (--project names another)' : ''}`;
}

function addRemove(parent: CommandParent): void {
  parent
    .command('rm')
    .description('Erases jobs that have ended, with their requests and answers')
    .argument('<ids...>', 'of the jobs')
    .action(async (ids) => {
      const session = parent.session();
      for (const id of ids) {
        await ask(session, 'DELETE', `/v1/jobs/${encodeURIComponent(id)}`);
        session.output.showOne({ id, deleted: true }, () => `${id}  erased\n`);
      }
    });
}
