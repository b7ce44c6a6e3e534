import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
} from '@ai-sdk/provider';
import type { Loss } from '../loss.ts';

/**
 * The conversation without the reasoning of other vendors' models: it is signed or encrypted for
 * whoever made it, and unsigned it would be read as words that were said.
 * @param signatures the marks by which a part counts as the dialect's own: `anthropic.signature`
 */
export function carriedReasoning(
  prompt: LanguageModelV4Prompt,
  signatures: readonly string[],
): { prompt: LanguageModelV4Prompt; losses: Loss[] } {
  let isLost = false;
  const carried = prompt.flatMap((message): LanguageModelV4Message[] => {
    if (message.role !== 'assistant') return [message];
    const content = message.content.filter(
      (part) => part.type !== 'reasoning' || isSigned(part, signatures),
    );
    if (content.length === message.content.length) return [message];
    isLost = true;
    return content.length === 0 ? [] : [{ ...message, content }];
  });
  const message = 'reasoning in the conversation is not carried: it is bound to its own vendor';
  return { prompt: carried, losses: isLost ? [{ field: 'prompt', message }] : [] };
}

function isSigned(part: LanguageModelV4ReasoningPart, signatures: readonly string[]): boolean {
  return signatures.some((signature) => {
    const [vendor = '', mark = ''] = signature.split('.');
    return part.providerOptions?.[vendor]?.[mark] !== undefined;
  });
}
