import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import tab from '@bomb.sh/tab/commander';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { Command } from 'commander';

/** What on the command line is the path of a file, by command. */
const PATHS: Readonly<
  Record<string, { options: readonly string[]; arguments: readonly string[] }>
> = {
  submit: { options: ['file', 'body'], arguments: [] },
  'batch run': { options: ['output'], arguments: ['prompts'] },
};

/** Adds `completion <shell>`, and the hidden command by which its script asks what may follow. */
export function addCompletion(program: CommandUnknownOpts): void {
  const untyped: unknown = program;
  // The typed class is commander's own; only its types are others.
  if (!(untyped instanceof Command)) throw new TypeError('the program is no commander program');
  const completion = tab(untyped, { completionCommandName: 'completion' });
  for (const [name, paths] of Object.entries(PATHS)) {
    const command = completion.commands.get(name);
    for (const option of paths.options) {
      const known = command?.options.get(option);
      if (known !== undefined) known.handler = completePath;
    }
    for (const argument of paths.arguments) {
      const known = command?.arguments.get(argument);
      if (known !== undefined) known.handler = completePath;
    }
  }
}

/** The library tells the shell to look for no files by itself, and not what was typed so far. */
function completePath(complete: (value: string, description: string) => void): void {
  const typed = process.argv.at(-1) ?? '';
  const folder = typed.endsWith('/') ? typed : dirname(typed);
  const prefix = typed.startsWith('./') ? './' : '';
  for (const entry of listFolder(folder)) {
    const path = `${prefix}${join(folder, entry.name)}`;
    complete(entry.isDirectory() ? `${path}/` : path, '');
  }
}

function listFolder(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
