import type { CommandParent } from '../command-line.ts';
import {
  renderExplained,
  renderModels,
  renderProviders,
  renderRoutes,
} from '../output/render-broker.ts';
import { readEndpoint } from './arguments.ts';

/** What shows where jobs go. */
export function addBroker(parent: CommandParent): void {
  parent
    .command('routes')
    .description('Lists the models a job may ask for, and where each would go')
    .action(async () => {
      const { client, output } = parent.session();
      output.show(await client().routes(), renderRoutes);
    });

  parent
    .command('explain')
    .description('Shows, without a call, which targets a job would visit now, and why not others')
    .argument('<model>', 'that a job would ask for')
    .option('-e, --endpoint <name>', 'as a job of this dialect would see it', readEndpoint)
    .addHelpText('after', '\nExample:\n  understudy explain claude-sonnet-4-0')
    .action(async (model, { endpoint }) => {
      const { client, output } = parent.session();
      output.show(await client().explain(model, endpoint), renderExplained);
    });

  parent
    .command('providers')
    .description('Lists the providers: workers, queues, waiting jobs, cool-downs')
    .action(async () => {
      const { client, output } = parent.session();
      output.show(await client().providers(), renderProviders);
    });

  parent
    .command('models')
    .description('Lists the models, who made them and who serves them')
    .action(async () => {
      const { client, output } = parent.session();
      output.show(await client().models(), renderModels);
    });
}
