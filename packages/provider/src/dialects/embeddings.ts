import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt, textAt } from './json-reading.ts';

/** OpenAI's embeddings. */
export const embeddings = {
  path: '/embeddings',

  readAnswer(answer: JsonObject): Answer | undefined {
    const data = objectsAt(answer, 'data');
    if (data === undefined || data.length === 0) return undefined;
    return {
      ...defined({ modelServed: textAt(answer, 'model'), responseId: textAt(answer, 'id') }),
      usage: defined({ input_tokens: countAt(objectAt(answer, 'usage'), 'prompt_tokens') }),
      refusal: false,
    };
  },
};
