import { request, type Dispatcher } from 'undici';
import { failureReason } from './failure-reason.ts';
import type { GuardedDispatcher } from './guarded-dispatcher.ts';
import { OutboundRefusal } from './outbound-refusal.ts';

export interface OutboundCall {
  /** As `checkCallerUrl` gave it. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** From the start to the last byte of the answer that is read. */
  timeoutMs: number;
  /** What is read of the answer's body; the rest is cut off. Default 64 kB. */
  maxAnswerBytes?: number;
  dispatcher: GuardedDispatcher;
  signal?: AbortSignal;
}

export type OutboundResult =
  | {
      kind: 'answer';
      /** Any status of 200 and above: also a redirect, which is never followed. */
      status: number;
      /** Lower-cased names; repeated ones joined by a comma. */
      headers: Record<string, string>;
      body: Buffer;
      /** There was more than `maxAnswerBytes`. */
      truncated: boolean;
      durationMs: number;
    }
  /** The policy does not permit it; nothing was sent. */
  | { kind: 'refused'; reason: string }
  /** No complete answer came; whether the request arrived is not known. */
  | { kind: 'failed'; reason: string; durationMs: number };

const DEFAULT_MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Calls a URL that a caller gave and reads the answer. Whatever happens comes back as a result; it
 * throws nothing. Reasons name the host and never what was sent.
 */
export async function callOutbound(
  call: OutboundCall,
  sent: { method: 'GET' } | { method: 'POST'; body: string | Uint8Array },
): Promise<OutboundResult> {
  const startedAt = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(call.timeoutMs);
  const signal = AbortSignal.any(call.signal === undefined ? [deadline] : [deadline, call.signal]);
  try {
    const answer = await request(call.url, {
      ...sent,
      headers: call.headers,
      dispatcher: call.dispatcher,
      signal,
      headersTimeout: call.timeoutMs,
      bodyTimeout: call.timeoutMs,
    });
    const content = await readUpTo(answer.body, call.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES);
    const { statusCode: status } = answer;
    return {
      kind: 'answer',
      status,
      headers: joined(answer),
      ...content,
      durationMs: durationMs(),
    };
  } catch (error) {
    if (error instanceof OutboundRefusal) return { kind: 'refused', reason: error.message };
    const host = URL.parse(call.url)?.host ?? 'the URL';
    const reason = deadline.aborted
      ? `gave no complete answer within ${call.timeoutMs} ms`
      : call.signal?.aborted
        ? 'was called, but the call was ended from our side'
        : failureReason(error);
    return { kind: 'failed', reason: `${host} ${reason}`, durationMs: durationMs() };
  }
}

async function readUpTo(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  // Cutting an answer off ends its stream with an error, after the loop no longer listens.
  body.on('error', () => undefined);
  const stream: AsyncIterable<Buffer> = body;
  for await (const chunk of stream) {
    chunks.push(chunk);
    receivedBytes += chunk.length;
    if (receivedBytes > maxBytes) break;
  }
  return {
    body: Buffer.concat(chunks).subarray(0, maxBytes),
    truncated: receivedBytes > maxBytes,
  };
}

function joined({ headers }: Dispatcher.ResponseData): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, [value].flat().join(', ')]));
}
