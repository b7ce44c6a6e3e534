import { parseDuration } from '@understudy/configuration';
import type { CommandParent } from '../command-line.ts';
import { renderStatistics } from '../output/render-statistics.ts';
import type { Session } from '../session.ts';
import { whereLooked } from '../where-looked.ts';
import { readDuration } from './arguments.ts';
import { FURTHER } from './show-list.ts';

/** Above this hours are precise enough. */
const LONGEST_BY_MINUTE_MS = 6 * 3_600_000;

/** What became of jobs, and how the providers did. */
export function addStats(parent: CommandParent): void {
  parent
    .command('stats')
    .description('Shows what became of jobs and calls lately: rates, errors, latency, cost')
    .option('--last <duration>', 'how far back, at most 8d', readDuration, '1h')
    .addHelpText('after', '\nExample:\n  understudy stats --last 24h')
    .action(async ({ last }) => {
      const session = parent.session();
      const { client, output, now } = session;
      const lastMs = parseDuration(last);
      const to = now();
      const statistics = await client().statistics({
        from: new Date(to - lastMs).toISOString(),
        to: new Date(to).toISOString(),
        resolution: lastMs > LONGEST_BY_MINUTE_MS ? 'hour' : 'minute',
      });
      const isTold = statistics.providers.length > 0 || output.json;
      const none = isTold ? '' : await noneCalled(session);
      output.show(statistics, (value, style) => renderStatistics(value, style, none));
    });
}

async function noneCalled(session: Session): Promise<string> {
  const { of, mayLookFurther } = await whereLooked(session);
  const whose = of === '' ? '' : ` for a job${of}`;
  return `No provider was called${whose}.${mayLookFurther ? FURTHER : ''}`;
}
