import { createSealedMembers } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { subscriptionSchema, webhookEndpointSchema } from './endpoint.ts';
import type { Subscription, WebhookEndpoint } from './endpoint.ts';
import { withSecrets } from './signing-key.ts';

/** A URL may hold a token, or name somebody. */
const CALLERS_OWN = ['url', 'description'];

/** What of an endpoint is encrypted: where it is, what its owner says of it, and what signs. */
export interface EndpointSeal {
  /** @param place its key in Redis; everything is bound to it */
  text(endpoint: WebhookEndpoint, place: string): string;
  endpoint(text: string, place: string): WebhookEndpoint;
  /** Of an endpoint that does not open, too: what it hears of is not encrypted. */
  subscription(text: string, place: string): Subscription;
}

const { url: urlSchema } = webhookEndpointSchema.shape;

function placeOf(key: string): string {
  return `${key}#endpoint`;
}

export function createEndpointSeal(sealer: Sealer): EndpointSeal {
  const members = createSealedMembers(sealer, CALLERS_OWN);
  const urlOf = (kept: unknown, place: string): string => {
    try {
      return urlSchema.parse(members.open(kept, placeOf(place)).url);
    } catch {
      return '';
    }
  };
  return {
    text: (endpoint, place) => {
      const keys = withSecrets(endpoint.keys, sealer.sealText, place);
      return JSON.stringify(members.seal({ ...endpoint, keys }, placeOf(place)));
    },
    endpoint: (text, place) => {
      const kept = members.open(JSON.parse(text), placeOf(place));
      const endpoint = webhookEndpointSchema.parse(kept);
      return { ...endpoint, keys: withSecrets(endpoint.keys, sealer.openText, place) };
    },
    subscription: (text, place) => {
      const kept: unknown = JSON.parse(text);
      return { ...subscriptionSchema.parse(kept), url: urlOf(kept, place) };
    },
  };
}
