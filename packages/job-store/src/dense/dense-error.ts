import type { ProviderErrorDetails } from '@understudy/contracts';
import { membersOf, present } from './members.ts';

/** Where the message stands in the body; 1 where it stands there as JSON writes it. */
type Span = [start: number, length: number, escaped?: 1];

/** A shorter message is not longer than its span. */
const WORTH_A_SPAN = 16;

/** A provider's account of a failure, with the message only where the body does not hold it. */
export function denseError({ type, code, message, body }: ProviderErrorDetails): object {
  const span = message === undefined || body === undefined ? undefined : spanOf(message, body);
  return { t: type, c: code, m: span ?? message, b: body };
}

/** Reads what `denseError` made. */
export function fullError(kept: unknown): unknown {
  if (kept === undefined) return undefined;
  const { t: type, c: code, m: message, b: body } = membersOf(kept);
  return present({ type, code, message: messageOf(message, body), body });
}

function spanOf(message: string, body: string): Span | undefined {
  if (message.length < WORTH_A_SPAN) return undefined;
  const start = body.indexOf(message);
  if (start !== -1) return [start, message.length];
  const escaped = JSON.stringify(message).slice(1, -1);
  const escapedStart = body.indexOf(escaped);
  return escapedStart === -1 ? undefined : [escapedStart, escaped.length, 1];
}

function messageOf(kept: unknown, body: unknown): unknown {
  if (!Array.isArray(kept) || typeof body !== 'string') return kept;
  const [start, length, escaped]: unknown[] = kept;
  const text = body.slice(Number(start), Number(start) + Number(length));
  return escaped === 1 ? JSON.parse(`"${text}"`) : text;
}
