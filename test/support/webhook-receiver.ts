import { Webhook } from 'standardwebhooks';
import type { RecordedCall } from './fake-vendor-call.ts';
import type { ScriptedReplies } from './fake-vendor-script.ts';
import { startFakeVendor } from './fake-vendor.ts';

/** One request of a delivery, as it came. */
export interface ReceivedDelivery {
  path: string;
  /** The `webhook-id`. */
  id: string;
  headers: Record<string, string>;
  /** Exactly what was signed. */
  body: string;
  /** The body as JSON. */
  event: ReceivedEvent;
}

export interface ReceivedEvent {
  type: string;
  data: Record<string, unknown>;
  [member: string]: unknown;
}

/** Somebody who takes deliveries over real HTTP: good answers unless scripted otherwise. */
export interface WebhookReceiver extends AsyncDisposable {
  url: string;
  port: number;
  /** The newest script that has something to say answers requests to the path. */
  answer(path: string, replies: ScriptedReplies): () => void;
  /** Those that came to a path so far. */
  at(path: string): ReceivedDelivery[];
  /** Resolves once `count` came to the path. @throws Error after the timeout, 20 s unless told */
  waitFor(path: string, count?: number, timeoutMs?: number): Promise<ReceivedDelivery[]>;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = await startFakeVendor();
  server.onCall(/^/, { status: 204, body: '' });
  const at = (path: string) => server.calls.filter((call) => call.path === path).map(asDelivery);
  return {
    url: server.url,
    port: server.port,
    answer: (path, replies) => server.onCall((call) => call.path === path, replies),
    at,
    waitFor: async (path, count = 1, timeoutMs = 20_000) => {
      const match = (call: RecordedCall) => call.path === path;
      return (await server.waitForCalls(count, { match, timeoutMs })).map(asDelivery);
    },
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** @throws Error when the signature is not of this secret, or not of what came */
export function verifyDelivery(delivery: ReceivedDelivery, secret: string): void {
  new Webhook(secret).verify(delivery.body, delivery.headers);
}

function asDelivery({ path, headers, body }: RecordedCall): ReceivedDelivery {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const event: unknown = JSON.parse(body);
  if (!isEvent(event)) throw new Error(`the delivery to ${path} holds no event`);
  return {
    path,
    id: String(headers['webhook-id']),
    headers: Object.fromEntries(flat),
    body,
    event,
  };
}

function isEvent(value: unknown): value is ReceivedEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'data' in value;
}
