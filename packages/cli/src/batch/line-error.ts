import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/** What is said of a line, or a file, with other bytes. */
export const NOT_UTF8 = 'is not UTF-8; convert the file, for example with iconv';

/** A line of the input that cannot be sent; nothing of the file is sent then. */
export class LineError extends CommandError {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`, EXIT.usage);
    this.name = 'LineError';
    this.line = line;
  }
}
