import type { CallerDialectTranslator } from '../../translator.ts';
import { readRequest } from './read-request.ts';
import { writeAnswer } from './write-answer.ts';

/** OpenAI's responses, without what lives at its vendor: stored conversations and server tools. */
export const responses: CallerDialectTranslator = {
  read: readRequest,
  fieldOf: (option) => FIELD_BY_OPTION.get(option) ?? option,
  write: writeAnswer,
};

const FIELD_BY_OPTION: ReadonlyMap<string, string> = new Map([
  ['prompt', 'input'],
  ['maxOutputTokens', 'max_output_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['responseFormat', 'text.format'],
  ['toolChoice', 'tool_choice'],
  ['reasoning', 'reasoning.effort'],
  ['imageDetail', 'input[].content[].detail'],
]);
