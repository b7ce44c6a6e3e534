import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';

/** What Bedrock and Mistral call it that an answer filled the model's window; the SDK knows neither. */
const FULL_WINDOW: ReadonlySet<string> = new Set(['model_context_window_exceeded', 'model_length']);

/** An answer that ended where the model's window did is cut off, as one that reached its cap is. */
export function cutByFullWindow(
  result: LanguageModelV4GenerateResult,
): LanguageModelV4GenerateResult {
  const { raw } = result.finishReason;
  if (raw === undefined || !FULL_WINDOW.has(raw)) return result;
  return { ...result, finishReason: { unified: 'length', raw } };
}
