/** Everything that is wrong with a configuration, each problem with its path. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];
  /** The file that holds them; absent where they are of the environment, or it cannot be read. */
  readonly file: string | undefined;

  constructor(problems: readonly string[], file?: string) {
    super(problems.join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
    this.file = file;
  }
}
