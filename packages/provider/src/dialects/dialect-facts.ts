import type { Dialect } from '@understudy/contracts';
import type { Answer } from '../answer.ts';
import { chatCompletions } from './chat-completions.ts';
import { converse } from './converse.ts';
import { embedContent } from './embed-content.ts';
import { embeddings } from './embeddings.ts';
import { generateContent } from './generate-content.ts';
import { invokeEmbedding } from './invoke-embedding.ts';
import type { JsonObject } from './json-reading.ts';
import { messages } from './messages.ts';
import { predictEmbedding } from './predict-embedding.ts';
import { responses } from './responses.ts';

/** What the broker knows of a wire format. */
export interface DialectFacts {
  /** Appended to a provider's base URL; empty where the model stands in the path. */
  path: string;
  /** Reads a good answer; undefined when the object is no finished answer of this dialect. */
  readAnswer(answer: JsonObject): Answer | undefined;
}

const FACTS: Readonly<Record<Dialect, DialectFacts>> = {
  'chat-completions': chatCompletions,
  responses,
  messages,
  embeddings,
  'generate-content': generateContent,
  'embed-content': embedContent,
  'predict-embedding': predictEmbedding,
  converse,
  'invoke-embedding': invokeEmbedding,
};

export function dialectFacts(dialect: Dialect): DialectFacts {
  return FACTS[dialect];
}
