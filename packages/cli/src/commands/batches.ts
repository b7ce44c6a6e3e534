import { collectItems } from '../collect-items.ts';
import { addGroup, type CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { renderBatch, renderBatches } from '../output/render-batch.ts';
import { readCount } from './arguments.ts';
import { addBatchRun } from './batch-run.ts';
import { showList } from './show-list.ts';

const DEFAULT_LIMIT = 20;

export function addBatches(parent: CommandParent): void {
  const group = addGroup(parent, 'batch', 'Many requests as one file');
  addBatchRun(group);
  group
    .command('ls')
    .description('Lists batches, newest first')
    .option('-n, --limit <count>', 'how many', readCount, DEFAULT_LIMIT)
    .action(async ({ limit }) => {
      const session = group.session();
      const listed = await collectItems(session.client().batches.list(), limit);
      await showList(session, listed, 'batch', renderBatches);
    });
  group
    .command('get')
    .description('Shows a batch: how far it is, what it cost, where its files are')
    .argument('<id>', 'of the batch')
    .action(async (id) => {
      const { client, output } = group.session();
      output.show(await client().batches.get(id), renderBatch);
    });
  group
    .command('cancel')
    .description('Stops batches; what was answered before is in their files')
    .argument('<ids...>', 'of the batches')
    .action(async (ids) => {
      const { client, output } = group.session();
      for (const id of ids) {
        const batch = await client().batches.cancel(id);
        output.showOne(batch, ({ status }) => `${id}  ${status}\n`);
        if (batch.status.startsWith('cancel')) continue;
        output.note(`understudy: ${id} has ended already (${batch.status})`);
        group.exitWith(EXIT.failed);
      }
    });
}
