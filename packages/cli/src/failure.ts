import { UnderstudyError } from '@understudy/client';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { fileErrorWords } from './file-error.ts';

/** How a failure is told, and what the command ends with. */
export interface Failure {
  message: string;
  exitCode: ExitCode;
}

/** @returns undefined for a failure that nobody foresaw, which is a fault of this program */
export function tellFailure(error: unknown): Failure | undefined {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof UnderstudyError) {
    const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
    return { message: `${error.message}${request}`, exitCode: exitCodeOf(error) };
  }
  const file = fileErrorWords(error);
  return file === undefined ? undefined : { message: file, exitCode: EXIT.usage };
}

/** Whether the broker may answer later what it does not answer now. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof UnderstudyError)) return error instanceof TypeError;
  if (error.final) return false;
  const { status, code } = error;
  if (status === undefined) return code !== 'timeout';
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Whether the broker is there, and has no room for this caller now. */
export function asksToWait(error: unknown): boolean {
  return error instanceof UnderstudyError && error.status === 429;
}

/** How long the broker asks to be left alone. */
export function retryAfterMs(error: unknown): number | undefined {
  return error instanceof UnderstudyError ? error.retryAfterMs : undefined;
}

export function isMissing(error: unknown): boolean {
  return error instanceof UnderstudyError && (error.status === 404 || error.status === 410);
}

function exitCodeOf(error: UnderstudyError): ExitCode {
  const { status, code } = error;
  if (code === 'timeout') return EXIT.failed;
  if (status === undefined || mayPass(error)) return EXIT.unreachable;
  // A limit that is used up, or an answer that will not come: the command line and the key are right.
  if (status === 429 || status >= 500) return EXIT.failed;
  if (status === 401 || status === 403) return EXIT.unreachable;
  if (isMissing(error)) return EXIT.notFound;
  return status === 409 ? EXIT.failed : EXIT.usage;
}
