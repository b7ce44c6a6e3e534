export declare const USAGE: string;

/** A command line that cannot be carried out; ends the process with code 2. */
export declare class UsageError extends Error {}

export interface CommandLine {
  help: boolean;
  version: boolean;
  verbose: boolean;
  /** May system packages be installed? */
  install: boolean;
  port: number;
  host: string;
  configPath: string | undefined;
  dataPath: string;
}

/** @throws UsageError naming the option, its value and the remedy */
export declare function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine;
