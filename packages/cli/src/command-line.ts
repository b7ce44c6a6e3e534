import { Command } from '@commander-js/extra-typings';
import { createSession, type CommonOptions, type Session, type Surroundings } from './session.ts';

/** A command before its arguments and options are told. */
type PlainCommand = Command;

/** What a file of commands adds itself to. */
export interface CommandParent {
  command(name: string): PlainCommand;
  /** What the options on the command line and the surroundings make together. */
  session(): Session;
  /** The same for what belongs to the installation: its calls act in no project. */
  installation(): Session;
  /** The command went well, and yet what it asked for did not: the process ends with this code. */
  exitWith(code: number): void;
}

/** Commands below one name, such as `keys create`. */
export function addGroup(parent: CommandParent, name: string, about: string): CommandParent {
  const group = parent.command(name).description(about);
  return { ...parent, command: (child) => group.command(child) };
}

export interface ParentOptions {
  command(name: string): PlainCommand;
  /** Once the command line was read. */
  common(): CommonOptions;
  surroundings: Surroundings;
  exitWith(code: number): void;
  /** The command is one that acts in a project, by this. */
  onSession(session: Session): void;
}

export function createParent(options: ParentOptions): CommandParent {
  const { command, common, surroundings, exitWith, onSession } = options;
  let session: Session | undefined;
  let installation: Session | undefined;
  return {
    command,
    session: () => {
      if (session === undefined) onSession((session = createSession(surroundings, common())));
      return session;
    },
    installation: () => (installation ??= createSession(surroundings, common(), false)),
    exitWith,
  };
}
