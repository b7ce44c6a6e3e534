import type { CommandParent } from '../command-line.ts';
import { renderProviders } from '../output/render-broker.ts';

const CONTROL_EXAMPLES = `
Examples:
  understudy providers pause anthropic-prod --reason 'rotating its key'
  understudy providers resume anthropic-prod
  understudy providers clear-cooldown vertex --model claude-sonnet-4@20250514`;

/** Without more words the list; with them what an operator does to one. */
export function addProviders(parent: CommandParent): void {
  const providers = parent
    .command('providers')
    .description('Lists the providers: workers, queues, waiting jobs, pauses, cool-downs')
    .addHelpText('after', CONTROL_EXAMPLES)
    .action(async () => {
      const { client, output } = parent.installation();
      output.show(await client().providers(), renderProviders);
    });

  providers
    .command('pause')
    .description('Takes providers out of service until they are resumed; needs the scope admin')
    .argument('<ids...>', 'as the list shows them')
    .option('--reason <text>', 'shown to everybody who sees the providers')
    .action(async (ids, { reason }) => {
      const { client, output } = parent.installation();
      const { pause } = client().providerControls;
      for (const id of ids) output.showOne(await pause(id, reason), () => `${id}  paused\n`);
    });

  providers
    .command('resume')
    .description('Puts paused providers back into service; needs the scope admin')
    .argument('<ids...>', 'as the list shows them')
    .action(async (ids) => {
      const { client, output } = parent.installation();
      const { resume } = client().providerControls;
      for (const id of ids) output.showOne(await resume(id), () => `${id}  resumed\n`);
    });

  providers
    .command('clear-cooldown')
    .description('Ends cool-downs before their time; needs the scope admin')
    .argument('<id>', 'as the list shows it')
    .option('--model <name>', "that of one model, by the provider's name; all otherwise")
    .action(async (id, { model }) => {
      const { client, output } = parent.installation();
      const provider = await client().providerControls.clearCooldown(id, model);
      output.showOne(provider, () => `${id}  cleared\n`);
    });
}
