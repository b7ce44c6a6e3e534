import { DEFAULT_EVENTS } from '@understudy/contracts';
import type { Callback } from '@understudy/contracts';
import type { OutboundPolicy } from '@understudy/outbound';
import { checkWebhookUrl } from './check-webhook-url.ts';
import type { CallbackInput } from './callback-schema.ts';

/**
 * A submission's callback with its defaults.
 * @throws BrokerError 400 with the reason when its URL may not be called
 */
export function checkCallback(
  input: CallbackInput | undefined,
  policy: OutboundPolicy,
): Callback | undefined {
  if (input === undefined) return undefined;
  return {
    ...input,
    url: checkWebhookUrl(input.url, policy, 'callback.url'),
    events: input.events ?? [...DEFAULT_EVENTS],
  };
}
