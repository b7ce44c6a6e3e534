import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';

const HEADER = 'anthropic-beta';
const MOST = 32;

/**
 * The names in `anthropic-beta`, by which callers of Messages ask for what is still in beta;
 * undefined where none is asked for.
 * @throws BrokerError 400 for what are no names, or too many
 */
export function askedBetas(headers: IncomingHttpHeaders): string[] | undefined {
  const names = String(headers[HEADER] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return undefined;
  if (names.length <= MOST && names.every((name) => /^[\w.-]{1,100}$/.test(name))) {
    return [...new Set(names)];
  }
  throw new BrokerError(
    'invalid_request',
    `the header ${HEADER} must hold at most ${MOST} names of betas, divided by commas`,
    { param: HEADER },
  );
}
