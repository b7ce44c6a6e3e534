import { BrokerError } from '@understudy/contracts';
import { checkCallerUrl } from '@understudy/outbound';
import type { OutboundPolicy } from '@understudy/outbound';

/**
 * The one spelling of a URL that events will be sent to.
 * @throws BrokerError 400 with the reason when the outbound policy does not permit it
 */
export function checkWebhookUrl(text: string, policy: OutboundPolicy, param: string): string {
  const check = checkCallerUrl(text, policy);
  if (check.ok) return check.url;
  throw new BrokerError('invalid_request', `${param}: ${check.reason}`, { param });
}
