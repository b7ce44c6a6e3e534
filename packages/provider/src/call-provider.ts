import type { Dispatcher } from 'undici';
import type { CallFault } from '@understudy/verdicts';
import { faultOf } from './call-fault.ts';

const DEFAULT_MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface ProviderCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** From the start of the call to the last byte of the answer. */
  timeoutMs: number;
  /** Default 64 MB. */
  maxAnswerBytes?: number;
  signal: AbortSignal;
  dispatcher: Dispatcher;
}

export type CallResult =
  | {
      kind: 'answer';
      status: number;
      /** Lower-cased names; repeated ones joined by a comma. */
      headers: Record<string, string>;
      body: Buffer;
      durationMs: number;
    }
  | {
      kind: 'fault';
      fault: CallFault;
      /** Names the origin and the system's error code, and nothing that was sent. */
      message: string;
      durationMs: number;
      /** False only when no byte of the request can have reached the provider. */
      maybeSent: boolean;
      /** What had come of an answer before it broke off or was refused. */
      status?: number;
      headers?: Record<string, string>;
    }
  | { kind: 'aborted'; durationMs: number; maybeSent: boolean };

/**
 * Posts a body and reads the whole answer. Whatever the network or the provider does comes back
 * as a result; it throws nothing. Redirects are not followed. An abort, the timeout and an answer
 * beyond the cap destroy the connection.
 */
export function callProvider(call: ProviderCall): Promise<CallResult> {
  return new Promise((resolve) => {
    const running = new RunningCall(call, resolve);
    running.start();
  });
}

class RunningCall implements Dispatcher.DispatchHandler {
  readonly #call: ProviderCall;
  readonly #resolve: (result: CallResult) => void;
  readonly #startedAt = performance.now();
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = (): void => {
    this.#settle({ kind: 'aborted', ...this.#soFar() });
  };
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #receivedBytes = 0;
  #status: number | undefined;
  #headers: Record<string, string> = {};

  constructor(call: ProviderCall, resolve: (result: CallResult) => void) {
    this.#call = call;
    this.#resolve = resolve;
  }

  start(): void {
    const { signal, timeoutMs } = this.#call;
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setTimeout(() => {
      this.#fail('timeout', `no complete answer within ${timeoutMs} ms`);
    }, timeoutMs);
    try {
      this.#dispatch();
    } catch (error) {
      this.onResponseError(undefined, error);
    }
  }

  #dispatch(): void {
    const { url, headers, body, timeoutMs, dispatcher } = this.#call;
    const { origin, pathname, search } = new URL(url);
    dispatcher.dispatch(
      {
        origin,
        path: pathname + search,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      this,
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A call that ended while it waited for its connection sends nothing.
    if (this.#settled) controller.abort(new Error('The call has ended.'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200) return;
    this.#status = statusCode;
    this.#headers = joined(headers);
    if (statusCode >= 300 && statusCode < 400) {
      this.#fail('redirect', `answered ${statusCode}, and redirects are not followed`);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const cap = this.#call.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES;
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > cap) {
      this.#fail('answer_too_large', `answered with more than ${cap} bytes`);
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#settle({
      kind: 'answer',
      status: this.#status ?? 0,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks),
      durationMs: this.#durationMs(),
    });
  }

  onResponseError(_controller: unknown, error: unknown): void {
    const { fault, reason } = faultOf(error, {
      sent: this.#controller !== undefined,
      answering: this.#status !== undefined,
    });
    this.#fail(fault, reason);
  }

  #fail(fault: CallFault, reason: string): void {
    this.#settle({
      kind: 'fault',
      fault,
      message: `${this.#origin()} ${reason}.`,
      ...this.#soFar(),
      ...(this.#status === undefined ? {} : { status: this.#status, headers: this.#headers }),
    });
  }

  #settle(result: CallResult): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#onAbort);
    this.#resolve(result);
    if (result.kind !== 'answer') this.#controller?.abort(new Error('The call has ended.'));
  }

  #soFar(): { durationMs: number; maybeSent: boolean } {
    return { durationMs: this.#durationMs(), maybeSent: this.#controller !== undefined };
  }

  #durationMs(): number {
    return performance.now() - this.#startedAt;
  }

  #origin(): string {
    return URL.parse(this.#call.url)?.origin ?? 'The configured URL';
  }
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}
