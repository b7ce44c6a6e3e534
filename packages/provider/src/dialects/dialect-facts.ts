import type { Dialect } from '@understudy/contracts';
import type { Answer } from '../answer.ts';
import { chatCompletions } from './chat-completions.ts';
import { embeddings } from './embeddings.ts';
import type { JsonObject } from './json-reading.ts';
import { messages } from './messages.ts';
import { responses } from './responses.ts';

/** What the broker knows of a wire format. */
export interface DialectFacts {
  /** Appended to a provider's base URL. */
  path: string;
  /** Reads a good answer; undefined when the object is no finished answer of this dialect. */
  readAnswer(answer: JsonObject): Answer | undefined;
}

const FACTS: Partial<Record<Dialect, DialectFacts>> = {
  'chat-completions': chatCompletions,
  responses,
  messages,
  embeddings,
};

/** @throws Error for a dialect that no provider is called in */
export function dialectFacts(dialect: Dialect): DialectFacts {
  const facts = FACTS[dialect];
  if (facts === undefined) throw new Error(`No provider is called in the dialect ${dialect}.`);
  return facts;
}
