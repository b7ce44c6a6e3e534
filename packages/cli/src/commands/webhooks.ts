import { CommandError } from '../command-error.ts';
import { addGroup, type CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { renderEndpoints } from '../output/render-webhooks.ts';
import { readDuration, readEventTypes } from './arguments.ts';
import { ask } from '../ask.ts';
import { addDeliveries } from './webhook-deliveries.ts';

export function addWebhooks(parent: CommandParent): void {
  const group = addGroup(
    parent,
    'webhooks',
    'Who is told what becomes of jobs; needs a key with the scope submit, to look read',
  );
  addEndpoints(group);
  addSecrets(group);
  addDeliveries(group);
}

function addEndpoints(group: CommandParent): void {
  group
    .command('ls')
    .description('Lists the endpoints')
    .action(async () => {
      const { client, output } = group.session();
      output.show(await client().webhooks.endpoints.list(), renderEndpoints);
    });
  group
    .command('create')
    .description('Registers an endpoint and prints its secret, this once')
    .argument('<url>', 'to send to')
    .option(
      '--events <list>',
      'which events, separated by commas; the ends of jobs otherwise',
      readEventTypes,
    )
    .option('--description <text>', 'what it is for')
    .addHelpText(
      'after',
      '\nExample:\n  understudy webhooks create https://example.com/hook --events job.failed,batch.completed',
    )
    .action(async (url, { events, description }) => {
      const { client, output } = group.session();
      const endpoint = await client().webhooks.endpoints.create({
        url,
        ...(events === undefined ? {} : { events }),
        ...(description === undefined ? {} : { description }),
      });
      output.show(endpoint, secretLines);
    });
  group
    .command('rm')
    .description('Removes endpoints; what was still to be delivered there is given up')
    .argument('<ids...>', 'of the endpoints')
    .action(async (ids) => {
      const { client, output } = group.session();
      for (const id of ids) {
        await client().webhooks.endpoints.delete(id);
        output.showOne({ id, deleted: true }, () => `${id}  removed\n`);
      }
    });
}

function addSecrets(group: CommandParent): void {
  group
    .command('rotate')
    .description('Gives an endpoint a new key and prints it; the old ones sign on for a while')
    .argument('<id>', 'of the endpoint')
    .option('--grace <duration>', 'how long the old keys sign too', readDuration)
    .action(async (id, { grace }) => {
      const { client, output } = group.session();
      const rotation = grace === undefined ? {} : { grace_period: grace };
      output.show(await client().webhooks.endpoints.rotate(id, rotation), secretLines);
    });
  group
    .command('secret')
    .description('Tells whether callbacks have a secret of the project; --rotate makes a new one')
    .option('--rotate', 'make one and print it, this once')
    .option('--grace <duration>', 'how long the old one signs too', readDuration)
    .action(async ({ rotate, grace }) => {
      if (grace !== undefined && rotate !== true) {
        throw new CommandError('--grace goes with --rotate', EXIT.usage);
      }
      const session = group.session();
      const { client, output } = session;
      if (rotate !== true) {
        output.show(await ask(session, 'GET', '/v1/webhooks/secret'), ({ exists }) =>
          exists === true ? 'there is one\n' : 'there is none; --rotate makes it\n',
        );
        return;
      }
      const rotation = grace === undefined ? {} : { grace_period: grace };
      output.show(await client().webhooks.rotateSecret(rotation), ({ secret }) => `${secret}\n`);
    });
}

function secretLines({ id, secret }: { id: string; secret: string }): string {
  return `${id}\n${secret}\n`;
}
