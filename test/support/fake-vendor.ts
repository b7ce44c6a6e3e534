import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { calledModel, goodAnswer } from './fake-vendor-answer.ts';
import type { CallEnd, RecordedCall } from './fake-vendor-call.ts';
import {
  replyPayload,
  sendReply,
  type Reply,
  type ReplyConnection,
  type SettledReply,
} from './fake-vendor-reply.ts';
import {
  callFits,
  FakeVendorScript,
  type CallMatch,
  type ScriptedReplies,
} from './fake-vendor-script.ts';

export interface WaitOptions {
  /** Only calls like these count. */
  match?: CallMatch;
  /** 10 s unless told. */
  timeoutMs?: number;
}

/** LLM vendors as a real HTTP server on loopback, with scripted replies and a record of calls. */
export interface FakeVendor {
  /** Without a trailing slash. */
  url: string;
  port: number;
  /** Every call whose request came in whole, in order. Whoever makes very many may empty it. */
  calls: RecordedCall[];
  /** Calls open now, and the most that ever were since the last reset. */
  open: { now: number; most: number };
  /**
   * Scripts replies for calls that match; where none fits the vendor gives a good answer.
   * The newest script wins. Returns a function that takes it back.
   */
  onCall(match: CallMatch, replies: ScriptedReplies): () => void;
  /** Resolves with the matching calls once there are `count`. @throws Error after the timeout */
  waitForCalls(count: number, options?: WaitOptions): Promise<RecordedCall[]>;
  /** Forgets calls and scripts; open calls go on. */
  reset(): void;
  /** Cuts open calls. Safe to call twice. */
  close(): Promise<void>;
}

/** @param options.port a fixed port, to come back after an outage; any free one unless told */
export async function startFakeVendor(options: { port?: number } = {}): Promise<FakeVendor> {
  const script = new FakeVendorScript();
  const calls: RecordedCall[] = [];
  const open = { now: 0, most: 0 };
  const watchers = new Set<() => void>();
  let seen = 0;
  let closing = false;

  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = performance.now();
    const connection = watchConnection(response, () => closing);
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    const ended = connection.ended.finally(() => (open.now -= 1));
    const body = await text(request).catch(() => undefined);
    // A request that was cut while it came is no call.
    if (body === undefined) return;
    const call = recordCall(request, body, receivedAt, ended);
    seen += 1;
    call.number = seen;
    calls.push(call);
    void ended.then((end) => (call.closedByClient = end === 'closed-by-client'));
    for (const watcher of watchers) watcher();
    await sendReply(response, settle(script.replyTo(call), call), connection);
  }

  function waitForCalls(count: number, wait: WaitOptions = {}): Promise<RecordedCall[]> {
    const { match = () => true, timeoutMs = 10_000 } = wait;
    const matching = () => calls.filter((call) => callFits(call, match));
    return new Promise((resolve, reject) => {
      const look = () => {
        if (matching().length < count) return;
        stop();
        resolve(matching());
      };
      const timer = setTimeout(() => {
        stop();
        reject(
          new Error(
            `the fake vendor saw ${matching().length} of ${count} calls in ${timeoutMs} ms`,
          ),
        );
      }, timeoutMs);
      const stop = () => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  }

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const port = listeningPort(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    open,
    onCall: (match, replies) => script.add(match, replies),
    waitForCalls,
    reset() {
      script.clear();
      calls.length = 0;
      seen = 0;
      open.most = open.now;
    },
    async close() {
      if (closing) return;
      closing = true;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function recordCall(
  request: IncomingMessage,
  body: string,
  receivedAt: number,
  ended: Promise<CallEnd>,
): RecordedCall {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  return {
    number: 0,
    method: request.method ?? '',
    path,
    query,
    headers: request.headers,
    body,
    model: calledModel(path, body),
    receivedAt,
    closedByClient: false,
    ended,
  };
}

/** @param closing whether the whole vendor is being closed, which cuts every call */
function watchConnection(
  response: ServerResponse,
  closing: () => boolean,
): ReplyConnection & { ended: Promise<CallEnd> } {
  const gone = new AbortController();
  let cutByVendor = false;
  // A write to a client that has just gone is an error event; the end of the call tells it.
  response.on('error', () => undefined);
  const ended = new Promise<CallEnd>((resolve) => {
    response.once('close', () => {
      gone.abort();
      if (response.writableFinished) resolve('answered');
      else resolve(cutByVendor || closing() ? 'closed-by-vendor' : 'closed-by-client');
    });
  });
  const cut = () => {
    cutByVendor = true;
    response.destroy();
  };
  return { gone: gone.signal, cut, ended };
}

/** Fills in the good answer where the reply has no body of its own. */
function settle(reply: Reply, call: RecordedCall): SettledReply {
  const status = reply.status ?? 200;
  if (reply.body !== undefined) return { ...reply, status, payload: replyPayload(reply.body) };
  const good = status === 200 ? goodAnswer(call.path, call.body, reply) : undefined;
  if (good) {
    const headers = { ...good.headers, ...reply.headers };
    return { ...reply, status, headers, payload: replyPayload(good.body) };
  }
  const unknown = { error: { message: `The fake vendor has no ${call.path}.`, type: 'not_found' } };
  return status === 200
    ? { ...reply, status: 404, payload: replyPayload(unknown) }
    : { ...reply, status, payload: Buffer.alloc(0) };
}

function listeningPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error(`the fake vendor listens at "${address}", which is no port`);
  }
  return address.port;
}
