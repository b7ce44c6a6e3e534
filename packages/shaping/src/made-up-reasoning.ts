import type { CallerDialect, LossWarning } from '@understudy/contracts';
import { parseExactJson, topLevelMembers } from '@understudy/provider';
import type { TopLevelEdits } from '@understudy/provider';
import { isMadeUpReasoning, mayNameMadeUpReasoning } from '@understudy/translation';

/**
 * What takes reasoning out of a Responses body that the broker itself put into an earlier answer,
 * translated from another vendor's: a vendor would refuse the whole body for an id it does not know.
 */
export function withoutMadeUpReasoning(
  dialect: CallerDialect,
  body: Uint8Array,
): { edits: TopLevelEdits; losses: LossWarning[] } {
  const nothing = { edits: {}, losses: [] };
  if (dialect !== 'responses' || !mayNameMadeUpReasoning(body)) return nothing;
  const range = topLevelMembers(body).get('input');
  if (range === undefined) return nothing;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // What is written anew keeps its numbers as they stand.
  const input = parseExactJson(bytes.toString('utf8', range.start, range.end));
  if (!Array.isArray(input)) return nothing;
  const known = input.filter((item) => !isMadeUpReasoning(item));
  if (known.length === input.length) return nothing;
  const message =
    'reasoning of an answer that was translated here is not carried: no vendor knows its id';
  return { edits: { input: known }, losses: [{ field: 'input', message }] };
}
