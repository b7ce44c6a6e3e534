import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { KnownMembers } from '../known-members.ts';

type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' | 'stop_sequence';

/** @param callsTools whether the answer holds calls, which some vendors end like any other turn */
export function stopReasonOf(
  { unified, raw }: LanguageModelV4FinishReason,
  callsTools: boolean,
  members: KnownMembers,
): StopReason {
  if (unified === 'length') return 'max_tokens';
  if (unified === 'content-filter') return 'refusal';
  if (unified !== 'stop' && unified !== 'tool-calls') {
    members.lose('stop_reason', "has no word for the model's reason to end");
  }
  if (callsTools) return 'tool_use';
  // Claude's own word, which it says on Amazon Bedrock too.
  return raw === 'stop_sequence' ? 'stop_sequence' : 'end_turn';
}
