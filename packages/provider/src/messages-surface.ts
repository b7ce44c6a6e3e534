import { betaHeaders } from './beta-headers.ts';
import type { Surface, SurfaceNeeds } from './provider-kind.ts';
import { sameDialectEdits } from './same-dialect-edits.ts';
import { isLongCall } from './streaming/long-call.ts';

// 2026-10-21 refuses sampling parameters that older models and their callers still use.
const ANTHROPIC_VERSION = '2023-06-01';

/** Anthropic's Messages API as Anthropic itself lays it out: betas in a header, long calls streamed. */
export function messagesSurface(url: string, model: string, needs?: SurfaceNeeds): Surface {
  const headers = { 'anthropic-version': ANTHROPIC_VERSION, ...betaHeaders(needs) };
  const edits = sameDialectEdits(model);
  if (!isLongCall(needs)) return { url, headers, edits };
  return { url, headers, edits: { ...edits, stream: true }, streamed: 'server-sent-events' };
}
