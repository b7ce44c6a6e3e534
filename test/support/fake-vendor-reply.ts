import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export type ReplyBody = string | Buffer | object;

/** One scripted answer. Without `status` and `body` it is a good answer in the call's dialect. */
export interface Reply {
  /** 200 unless told. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  body?: ReplyBody;
  /** Text of the good answer. */
  text?: string;
  /** Model the good answer says it was served by; the requested one unless told. */
  modelServed?: string;
  /** Waits before the status line is sent. */
  delayMs?: number;
  /** `never`: the call is accepted and nothing ever comes back. */
  answer?: 'never';
  /** Cuts the connection before the status line, or after half of the body. */
  close?: 'at-once' | 'after-half-body';
  /** Sends the body in this many pieces with a pause before each but the first. */
  pieces?: { count: number; pauseMs: number };
}

/** A reply whose body is settled. */
export interface SettledReply extends Reply {
  status: number;
  payload: Buffer;
}

export function redirectTo(location: string, status = 307): Reply {
  return { status, headers: { location }, body: '' };
}

/** A good answer whose text has `bytes` characters; 10 MB unless told. */
export function bigAnswer(bytes = 10 * 1024 * 1024): Reply {
  return { text: 'x'.repeat(bytes) };
}

export function replyPayload(body: ReplyBody): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The call's connection as the sender sees it. */
export interface ReplyConnection {
  /** Aborted when the connection is no more. */
  gone: AbortSignal;
  /** Cuts it from the vendor's side. */
  cut(): void;
}

/** Sends the reply as scripted; ends early, without an error, when the client has gone. */
export async function sendReply(
  response: ServerResponse,
  reply: SettledReply,
  connection: ReplyConnection,
): Promise<void> {
  if (reply.answer === 'never') return;
  if (reply.delayMs !== undefined && !(await waited(reply.delayMs, connection.gone))) return;
  if (reply.close === 'at-once') {
    connection.cut();
    return;
  }
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': reply.payload.length,
    ...reply.headers,
  });
  if (reply.close === 'after-half-body') {
    const half = reply.payload.subarray(0, Math.floor(reply.payload.length / 2));
    response.write(half, () => connection.cut());
    return;
  }
  await sendPieces(response, reply, connection.gone);
}

async function sendPieces(
  response: ServerResponse,
  { payload, pieces = { count: 1, pauseMs: 0 } }: SettledReply,
  gone: AbortSignal,
): Promise<void> {
  const size = Math.ceil(payload.length / pieces.count) || 1;
  for (let start = 0; start < payload.length; start += size) {
    if (start > 0 && !(await waited(pieces.pauseMs, gone))) return;
    response.write(payload.subarray(start, start + size));
  }
  response.end();
}

/** False when the client went away meanwhile. */
async function waited(durationMs: number, gone: AbortSignal): Promise<boolean> {
  await delay(durationMs, undefined, { signal: gone }).catch(() => undefined);
  return !gone.aborted;
}
