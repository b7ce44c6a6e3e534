import { collectItems } from '../collect-items.ts';
import { CommandError } from '../command-error.ts';
import { addGroup, type CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { renderKeys, renderNewKey, renderProjects } from '../output/render-access.ts';
import { ALL_PROJECTS } from '../session.ts';
import { readDuration, readList } from './arguments.ts';
import { LIMITS_HELP, onlyLimits, readLimit } from './limit-values.ts';
import { InvalidArgumentError } from '@commander-js/extra-typings';

const DEFAULT_PROJECT = 'default';
const SCOPES = ['submit', 'read', 'admin'] as const;
type Scope = (typeof SCOPES)[number];

export function addKeys(parent: CommandParent): void {
  const keys = addGroup(parent, 'keys', 'API keys; needs a key with the scope admin');
  keys
    .command('create')
    .description('Makes a key for the jobs of --project (else default) and prints it, this once')
    .option('--scope <list>', `what it may do: ${SCOPES.join(', ')}`, readScopes)
    .option('--name <name>', 'what it is for')
    .option(
      '--expires-in <duration>',
      'good for so long; until it is revoked otherwise',
      readDuration,
    )
    .option('--limit <name=value>', 'what it may do at most; give it again for more', readLimit)
    .addHelpText(
      'after',
      `${LIMITS_HELP}\n\nExample:\n  understudy keys create --project acme --scope submit,read --expires-in 90d --limit spend-per-day=5`,
    )
    .action(async ({ scope, name, expiresIn, limit }) => {
      const { client, output, project = DEFAULT_PROJECT } = keys.installation();
      if (project === ALL_PROJECTS) {
        throw new CommandError('a key belongs to one project; name it by --project', EXIT.usage);
      }
      const key = await client().keys.create({
        project,
        scopes: scope ?? ['submit', 'read'],
        ...(name === undefined ? {} : { name }),
        ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
        ...(limit === undefined ? {} : { limits: onlyLimits(limit) }),
      });
      output.show(key, (value, style) =>
        output.isTerminal ? renderNewKey(value, style) : `${value.key}\n`,
      );
    });
  keys
    .command('ls')
    .description('Lists keys, of --project or of all, without what would open anything')
    .action(async () => {
      const { client, output, project = ALL_PROJECTS } = keys.installation();
      const listed = client().keys.list(project === ALL_PROJECTS ? {} : { project });
      output.show(await collectItems(listed), renderKeys);
    });
  keys
    .command('revoke')
    .description('Revokes keys: within a second they open nothing')
    .argument('<ids...>', 'of the keys, as keys ls shows them')
    .action(async (ids) => {
      const { client, output } = keys.installation();
      for (const id of ids) {
        await client().keys.revoke(id);
        output.showOne({ id, deleted: true }, () => `${id}  revoked\n`);
      }
    });
}

export function addProjects(parent: CommandParent): void {
  const projects = addGroup(parent, 'projects', 'Projects; needs a key with the scope admin');
  projects
    .command('create')
    .description('Makes a project: what is in it only its own keys see')
    .argument('<name>', 'a-z, 0-9 and -')
    .action(async (name) => {
      const { client, output } = projects.installation();
      output.show(await client().projects.create(name), ({ name: made }) => `${made}\n`);
    });
  projects
    .command('limit')
    .description('Changes what a project may do at most: within a second it holds everywhere')
    .argument('<name>', 'of the project')
    .argument('<limits...>', 'name=value, or name=none', readLimit)
    .addHelpText(
      'after',
      `${LIMITS_HELP}\n\nExample:\n  understudy projects limit acme jobs-waiting=20000 spend-per-day=none`,
    )
    .action(async (name, given) => {
      const { client, output } = projects.installation();
      output.show(await client().projects.limit(name, given), (project, style) =>
        renderProjects([project], style),
      );
    });
  projects
    .command('ls')
    .description('Lists projects')
    .action(async () => {
      const { client, output } = projects.installation();
      output.show(await collectItems(client().projects.list()), renderProjects);
    });
}

function readScopes(text: string, earlier: Scope[] | undefined): Scope[] {
  return readList(text, earlier).map((name) => {
    const scope = SCOPES.find((known) => known === name);
    if (scope !== undefined) return scope;
    throw new InvalidArgumentError(`Give ${SCOPES.join(', ')}, separated by commas.`);
  });
}
