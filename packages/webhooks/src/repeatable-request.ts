import { hash, randomBytes } from 'node:crypto';
import type { WebhookEndpoint } from './endpoint.ts';
import { verifierOf } from './signing-key.ts';

/** A request that may come again, as one whose answer was lost does. */
export interface RepeatableRequest {
  /** Of the project and what the caller names the request by. */
  id: string;
  /** The same only of requests that ask for the same. */
  fingerprint: string;
}

/** Whoever repeats a registration for so long is told the secret once more. */
const RETOLD_MS = 86_400_000;

const ENDPOINT_BYTES = 12;
const TEST_EVENT_BYTES = 9;

/** The same for each repeat of a request. */
export function newEndpointId(request: RepeatableRequest | undefined): string {
  return `we_${hexOf(request, ENDPOINT_BYTES)}`;
}

/** The same for each repeat of a request. */
export function newTestEventId(request: RepeatableRequest | undefined): string {
  return `evt_test_${hexOf(request, TEST_EVENT_BYTES)}`;
}

/**
 * The secret that a registration told, for its repeat: while no other key was made and for a day.
 */
export function retoldSecret(endpoint: WebhookEndpoint, now: number): string | undefined {
  const { keys, created_at: createdAt } = endpoint;
  const [key, ...others] = keys;
  const isFirst = key?.created_at === createdAt && others.length === 0;
  return isFirst && now - createdAt <= RETOLD_MS ? verifierOf(key) : undefined;
}

function hexOf(request: RepeatableRequest | undefined, bytes: number): string {
  if (request === undefined) return randomBytes(bytes).toString('hex');
  return hash('sha256', request.id).slice(0, 2 * bytes);
}
