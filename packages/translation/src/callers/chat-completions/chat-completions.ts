import type { CallerDialectTranslator } from '../../translator.ts';
import { readRequest } from './read-request.ts';
import { writeAnswer } from './write-answer.ts';

/** OpenAI's chat completions, in the form in which many clients and servers know them. */
export const chatCompletions: CallerDialectTranslator = {
  read: readRequest,
  fieldOf: (option) => FIELD_BY_OPTION.get(option) ?? option,
  write: writeAnswer,
};

const FIELD_BY_OPTION: ReadonlyMap<string, string> = new Map([
  ['prompt', 'messages'],
  ['maxOutputTokens', 'max_completion_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['stopSequences', 'stop'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['responseFormat', 'response_format'],
  ['toolChoice', 'tool_choice'],
  ['reasoning', 'reasoning_effort'],
  ['imageDetail', 'messages[].content[].image_url.detail'],
  ['thoughtSignature', 'messages[].tool_calls[].extra_content.google.thought_signature'],
]);
