import { parseDuration } from '@understudy/configuration';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { colourStatus } from '../output/colours.ts';
import { readTimeout } from './arguments.ts';
import { endText, showEnd } from './show-end.ts';

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
      const { output } = session;
      const options = timeout === undefined ? {} : { timeoutMs: parseDuration(timeout) };
      const [only, ...others] = ids;
      if (only !== undefined && others.length === 0) {
        const job = await session.patientClient().wait(only, options);
        parent.exitWith(showEnd(job, output));
        return;
      }
      for (const job of await Promise.all(
        ids.map((id) => session.patientClient().wait(id, options)),
      )) {
        output.showOne(
          job,
          (value, { colours }) =>
            `${value.id}  ${colourStatus(value.status, colours)}${endText(value).slice(value.status.length)}\n`,
        );
        if (job.status !== 'completed') parent.exitWith(EXIT.failed);
      }
    });
}
