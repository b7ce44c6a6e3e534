import { jobStatusSchema } from '@understudy/contracts';
import { Option } from '@commander-js/extra-typings';
import { ask } from '../ask.ts';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { colourStatus } from '../output/colours.ts';
import { renderJob, renderJobs } from '../output/render-job.ts';
import { readCount } from './arguments.ts';

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
  parent
    .command('cancel')
    .description('Cancels jobs: a queued one never starts, a running call is aborted')
    .argument('<ids...>', 'of the jobs')
    .action(async (ids) => {
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
  parent
    .command('ls')
    .description('Lists jobs, newest first')
    .addOption(new Option('--status <status>', 'only those').choices(jobStatusSchema.options))
    .option('--model <name>', 'only those that asked for this model')
    .option('--provider <name>', 'only those it answered, or in whose queue they stand')
    .option('--batch <id>', 'only the lines of this batch')
    .option('-n, --limit <count>', 'how many', readCount, DEFAULT_LIMIT)
    .addHelpText('after', '\nExample:\n  understudy ls --status failed --limit 100 --json')
    .action(async ({ limit, ...filter }) => {
      const { client, output } = parent.session();
      const jobs = [];
      for await (const job of client().list(filter)) {
        jobs.push(job);
        if (jobs.length === limit) break;
      }
      output.show(jobs, renderJobs);
    });
}

function addRetry(parent: CommandParent): void {
  parent
    .command('retry')
    .description('Makes a new job from one that has ended, with the same request')
    .argument('<id>', 'of the job that ended')
    .action(async (id) => {
      const session = parent.session();
      const job = await ask(session, 'POST', `/v1/jobs/${encodeURIComponent(id)}/retry`);
      session.output.show(job, ({ id: made }) => `${String(made)}\n`);
    });
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
