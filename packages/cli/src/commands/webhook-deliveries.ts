import { Option } from '@commander-js/extra-typings';
import { collectItems } from '../collect-items.ts';
import type { CommandParent } from '../command-line.ts';
import type { ListWords } from '../output/list-words.ts';
import { renderDeliveries } from '../output/render-webhooks.ts';
import { readCount, readEventType } from './arguments.ts';
import { showList } from './show-list.ts';

const DEFAULT_LIMIT = 20;
/** One that was just made. */
const ONE: ListWords = { none: '', ofAllProjects: false };
const STATES = ['pending', 'delivered', 'dead'] as const;

/** What was sent where, and sending it again. */
export function addDeliveries(group: CommandParent): void {
  group
    .command('test')
    .description('Sends an endpoint an event with made-up data')
    .argument('<id>', 'of the endpoint')
    .option('--type <event>', 'which event', readEventType)
    .action(async (id, { type }) => {
      const { client, output } = group.session();
      const delivery = await client().webhooks.test(id, type);
      output.show(delivery, (value, style) => renderDeliveries([value], style, ONE));
    });
  group
    .command('deliveries')
    .description('Lists what was sent, newest first')
    .option('--job <id>', 'only of this job')
    .option('--endpoint <id>', 'only to this endpoint')
    .addOption(new Option('--state <state>', 'only those').choices(STATES))
    .option('-n, --limit <count>', 'how many', readCount, DEFAULT_LIMIT)
    .action(async ({ limit, ...filter }) => {
      const session = group.session();
      const listed = session.client().webhooks.deliveries.list(filter);
      await showList(session, await collectItems(listed, limit), 'delivery', renderDeliveries);
    });
  group
    .command('redeliver')
    .description('Sends deliveries again, with their ids and payloads')
    .argument('<ids...>', 'of the deliveries')
    .action(async (ids) => {
      const { client, output } = group.session();
      for (const id of ids) {
        const delivery = await client().webhooks.deliveries.redeliver(id);
        output.showOne(delivery, ({ state }) => `${id}  ${state}\n`);
      }
    });
}
