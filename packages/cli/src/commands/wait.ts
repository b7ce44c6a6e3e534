import type { Job, WaitOptions } from '@understudy/client';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { tellFailure } from '../failure.ts';
import { colourStatus } from '../output/colours.ts';
import type { Style } from '../output/output.ts';
import type { Session } from '../session.ts';
import { whereMissed } from '../where-looked.ts';
import { readTimeout, waitLimit } from './arguments.ts';
import { endText, showEnd } from './show-end.ts';
import { waitTeller } from './wait-teller.ts';

export function addWait(parent: CommandParent): void {
  parent
    .command('wait')
    .description('Waits until jobs have ended; prints the answer, or of several jobs a line each')
    .argument('<ids...>', 'of the jobs')
    .option('--timeout <duration>', 'wait no longer than this', readTimeout)
    .addHelpText(
      'after',
      '\nExample:\n  ID=$(understudy submit -m gpt-5 "Hello") && understudy wait "$ID" --timeout 5m',
    )
    .action(async (ids, { timeout }) => {
      const session = parent.session();
      const options = waitLimit(timeout);
      const [only, ...others] = ids;
      if (only !== undefined && others.length === 0) {
        const onLook = waitTeller(session);
        const job = await session.patientClient().wait(only, { ...options, onLook });
        parent.exitWith(showEnd(job, session.output));
        return;
      }
      parent.exitWith(await waitForMany(session, ids, options));
    });
}

/**
 * Shows each job as it ends; one that cannot be waited for is told of, and the others go on.
 * @returns the highest of the exit codes that each alone would have ended with
 */
async function waitForMany(
  session: Session,
  ids: readonly string[],
  options: WaitOptions,
): Promise<number> {
  const { output, signal } = session;
  const client = session.patientClient();
  const waitForOne = async (id: string): Promise<number> => {
    try {
      const job = await client.wait(id, { ...options, onLook: waitTeller(session) });
      output.showOne(job, renderEnd);
      return job.status === 'completed' ? EXIT.ok : EXIT.failed;
    } catch (error) {
      signal.throwIfAborted();
      const failure = tellFailure(error);
      if (failure === undefined) throw error;
      output.note(`understudy: ${id}: ${failure.message}${await whereMissed(session, error)}`);
      return failure.exitCode;
    }
  };
  return Math.max(...(await Promise.all(ids.map(waitForOne))));
}

function renderEnd(job: Job, { colours }: Style): string {
  const { id, status } = job;
  return `${id}  ${colourStatus(status, colours)}${endText(job).slice(status.length)}\n`;
}
