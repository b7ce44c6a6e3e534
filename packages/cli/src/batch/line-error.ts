import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/** A line of the input that cannot be sent; nothing of the file is sent then. */
export class LineError extends CommandError {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`, EXIT.usage);
    this.name = 'LineError';
    this.line = line;
  }
}
