import type {
  JSONObject,
  LanguageModelV4Content,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { defined, isObject } from '../callers/json-reading.ts';

/**
 * Anthropic's marks on turns and parts, in the words in which Bedrock's Converse has them for
 * Claude: cache points, and the signatures of its thoughts. Marks on tools stay as they are.
 */
export function withBedrockMarks(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  return prompt.map((message): LanguageModelV4Message => {
    switch (message.role) {
      case 'system':
        return renamed(message);
      case 'user':
        return { ...renamed(message), content: message.content.map(renamed) };
      case 'assistant':
        return { ...renamed(message), content: message.content.map(renamed) };
      case 'tool':
        return { ...renamed(message), content: message.content.map(renamed) };
      default:
        return message satisfies never;
    }
  });
}

/** The other way round: an answer of Claude with the marks by which Anthropic's own dialect has them. */
export function withAnthropicMarks(
  content: readonly LanguageModelV4Content[],
): LanguageModelV4Content[] {
  return content.map((part) => {
    const marks = part.type === 'reasoning' ? part.providerMetadata?.['amazonBedrock'] : undefined;
    if (marks === undefined) return part;
    const { redactedContent, ...rest } = marks;
    const anthropic = { ...rest, ...defined({ redactedData: redactedContent }) };
    return { ...part, providerMetadata: { ...part.providerMetadata, anthropic } };
  });
}

function renamed<Marked extends { providerOptions?: SharedV4ProviderOptions }>(
  marked: Marked,
): Marked {
  const { anthropic, ...others } = marked.providerOptions ?? {};
  if (anthropic === undefined) return marked;
  const { cacheControl, signature, redactedData, ...rest } = anthropic;
  const bedrock = defined({
    cachePoint: cachePointOf(cacheControl),
    signature,
    redactedContent: redactedData,
  });
  return { ...marked, providerOptions: { ...others, anthropic: rest, amazonBedrock: bedrock } };
}

function cachePointOf(cacheControl: unknown): JSONObject | undefined {
  if (!isObject(cacheControl)) return undefined;
  const ttl = cacheControl['ttl'];
  return { type: 'default', ...(typeof ttl === 'string' && { ttl }) };
}
