import type { CallerDialectTranslator } from '../../translator.ts';
import { readRequest } from './read-request.ts';
import { writeAnswer } from './write-answer.ts';

/** Callers that speak Anthropic's messages. */
export const messages: CallerDialectTranslator = {
  read: readRequest,
  fieldOf: (option) => FIELD_BY_OPTION.get(option) ?? option,
  write: writeAnswer,
};

const FIELD_BY_OPTION: ReadonlyMap<string, string> = new Map([
  ['prompt', 'messages'],
  ['maxOutputTokens', 'max_tokens'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['stopSequences', 'stop_sequences'],
  ['toolChoice', 'tool_choice'],
  ['responseFormat', 'output_config.format'],
  ['reasoning', 'thinking'],
  // Marks on parts, by their names in `providerOptions.anthropic`.
  ['cacheControl', 'cache_control'],
  ['signature', 'messages[].content[].signature'],
  ['redactedData', 'messages[].content[].data'],
]);
