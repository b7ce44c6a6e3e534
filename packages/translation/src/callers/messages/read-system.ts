import type { LanguageModelV4Message, LanguageModelV4TextPart } from '@ai-sdk/provider';
import type { Content } from './content-block.ts';
import { readTexts } from './read-text-block.ts';

type SystemMessage = Extract<LanguageModelV4Message, { role: 'system' }>;

/**
 * The blocks are one prompt: they become one message, as many chat templates take no second one,
 * and more only where a cache marker ends a part of it.
 */
export function readSystem(content: Content): SystemMessage[] {
  const messages: SystemMessage[] = [];
  let unmarked: LanguageModelV4TextPart[] = [];
  for (const part of readTexts(content)) {
    unmarked.push(part);
    if (part.providerOptions !== undefined) {
      messages.push({ ...systemMessage(unmarked), providerOptions: part.providerOptions });
      unmarked = [];
    }
  }
  return unmarked.length === 0 ? messages : [...messages, systemMessage(unmarked)];
}

function systemMessage(parts: readonly LanguageModelV4TextPart[]): SystemMessage {
  return { role: 'system', content: parts.map((part) => part.text).join('\n\n') };
}
