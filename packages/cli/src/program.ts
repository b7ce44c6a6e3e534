import { createRequire } from 'node:module';
import { Command, CommanderError } from '@commander-js/extra-typings';
import { addCompletion } from './completion.ts';
import { createParent, type ParentOptions } from './command-line.ts';
import { addBatches } from './commands/batches.ts';
import { addBroker } from './commands/broker.ts';
import { addDoctor } from './commands/doctor.ts';
import { addJobs } from './commands/jobs.ts';
import { addKeys, addProjects } from './commands/keys.ts';
import { addProviders } from './commands/providers.ts';
import { addStats } from './commands/stats.ts';
import { addSubmit } from './commands/submit.ts';
import { addWait } from './commands/wait.ts';
import { addWatch } from './commands/watch.ts';
import { addWebhooks } from './commands/webhooks.ts';
import { EXIT, EXIT_CODES_HELP } from './exit-code.ts';
import { tellFailure } from './failure.ts';
import type { Session, Surroundings } from './session.ts';
import { whereMissed } from './where-looked.ts';

const ENVIRONMENT_HELP = `
Environment:
  UNDERSTUDY_URL      of the broker (default http://127.0.0.1:8080)
  UNDERSTUDY_API_KEY  the key; of a broker on this machine, .data/api-key of the checkout otherwise
  UNDERSTUDY_PROJECT  as --project; the key's own otherwise
  NO_COLOR            no colours`;

const packageJson: { version: string } = createRequire(import.meta.url)('../package.json');

/**
 * Carries out one command line. @param args without the program's own name
 * @returns the exit code; what went wrong is on stderr
 */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  let acting: Session | undefined;
  const program = createProgram(surroundings, {
    exitWith: (code) => {
      if (code !== EXIT.ok) exitCode = code;
    },
    onSession: (session) => (acting = session),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = tellFailure(error);
    if (failure === undefined) throw error;
    const where = acting === undefined ? '' : await whereMissed(acting, error);
    surroundings.stderr.write(`understudy: ${failure.message}${where}\n`);
    return failure.exitCode;
  }
}

function createProgram(
  surroundings: Surroundings,
  told: Pick<ParentOptions, 'exitWith' | 'onSession'>,
) {
  const { stdout, stderr } = surroundings;
  const program = new Command('understudy')
    .description('Completions by queue: jobs, batches, and where they go')
    .version(packageJson.version)
    .option('--url <url>', 'of the broker')
    .option(
      '--project <name>',
      "act in this project, with a key of the scope admin; '*' looks in all",
    )
    .option('--json', 'one JSON document for scripts; streams as JSON lines')
    .option('--no-color', 'no colours')
    .addHelpText('after', `${ENVIRONMENT_HELP}\n${EXIT_CODES_HELP}`)
    // Thrown where commander would end the process; inherited by every command made after this.
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('See understudy --help, or --help behind a command.')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // As all other failures begin.
      outputError: (text, write) => write(text.replace(/^error: /, 'understudy: ')),
      getOutHasColors: () => stdout.isTTY === true,
      getErrHasColors: () => stderr.isTTY === true,
    });
  const parent = createParent({
    command: (name) => program.command(name),
    common: () => program.opts(),
    surroundings,
    ...told,
  });
  addSubmit(parent);
  addJobs(parent);
  addWait(parent);
  addWatch(parent);
  addBatches(parent);
  addBroker(parent);
  addProviders(parent);
  addStats(parent);
  addKeys(parent);
  addProjects(parent);
  addWebhooks(parent);
  addDoctor(parent);
  addCompletion(program);
  return program;
}
