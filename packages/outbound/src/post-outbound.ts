import { callOutbound, type OutboundCall, type OutboundResult } from './call-outbound.ts';

export interface OutboundPost extends OutboundCall {
  /** Sent as it is. */
  body: string | Uint8Array;
}

/**
 * Posts to a URL that a caller gave and reads the answer. Whatever happens comes back as a result;
 * it throws nothing. Reasons name the host and never what was sent.
 */
export async function postOutbound({ body, ...call }: OutboundPost): Promise<OutboundResult> {
  return await callOutbound(call, { method: 'POST', body });
}
