import type { CommandParent } from '../command-line.ts';
import { renderExplained, renderModels, renderRoutes } from '../output/render-broker.ts';
import { readEndpoint, readList } from './arguments.ts';

const EXPLAIN_EXAMPLES = `
Examples:
  understudy explain claude-sonnet-4-0
  understudy explain claude-sonnet-4-0 --without anthropic-prod,vertex`;

/** What shows where jobs go. */
export function addBroker(parent: CommandParent): void {
  parent
    .command('routes')
    .description('Lists the models a job may ask for, and where each would go')
    .action(async () => {
      const { client, output } = parent.installation();
      output.show(await client().routes(), renderRoutes);
    });

  parent
    .command('explain')
    .description('Shows, without a call, which targets a job would visit now, and why not others')
    .argument('<model>', 'that a job would ask for')
    .option('-e, --endpoint <name>', 'as a job of this dialect would see it', readEndpoint)
    .option('--without <providers>', 'as if these were down, separated by commas', readList)
    .addHelpText('after', EXPLAIN_EXAMPLES)
    .action(async (model, { endpoint, without }) => {
      const { client, output } = parent.session();
      output.show(await client().explain(model, endpoint, without), renderExplained);
    });

  parent
    .command('models')
    .description('Lists the models, who made them and who serves them')
    .action(async () => {
      const { client, output } = parent.installation();
      output.show(await client().models(), renderModels);
    });
}
