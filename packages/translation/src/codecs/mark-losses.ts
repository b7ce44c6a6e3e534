import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { Loss } from '../loss.ts';

interface Marked {
  providerOptions?: SharedV4ProviderOptions;
}

/**
 * Marks that a caller's dialect put on turns, parts and tools for one vendor, and that this dialect
 * does not carry: each once, however often it stands there.
 * @param carried as `vendor.mark`: `anthropic.cacheControl`
 */
export function markLosses(
  options: LanguageModelV4CallOptions,
  carried: readonly string[],
): Loss[] {
  const tools: Marked[] = (options.tools ?? []).filter((tool) => tool.type === 'function');
  const marked: Marked[] = [options, ...options.prompt.flatMap(markedIn), ...tools];
  const marks = new Set(marked.flatMap(marksOf).filter((mark) => !carried.includes(mark)));
  return [...marks].map((mark) => ({
    field: mark.slice(mark.indexOf('.') + 1),
    message: 'is not carried: it means something to its own vendor only',
  }));
}

function markedIn(message: LanguageModelV4Message): Marked[] {
  if (message.role === 'system') return [message];
  return [
    message,
    ...message.content.flatMap((part) =>
      part.type === 'tool-result' ? [part, ...markedInOutput(part.output)] : [part],
    ),
  ];
}

function markedInOutput(output: LanguageModelV4ToolResultOutput): Marked[] {
  return output.type === 'content' ? output.value : [output];
}

function marksOf({ providerOptions }: Marked): string[] {
  return Object.entries(providerOptions ?? {}).flatMap(([vendor, marks]) =>
    Object.entries(marks)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([mark]) => `${vendor}.${mark}`),
  );
}
