import type { JsonObject } from '@understudy/provider';
import { objectsAt } from '@understudy/provider';
import { choiceChunks } from './choice-chunks.ts';

/** What every chunk repeats; members beyond these come once, with the first. */
const REPEATED = ['id', 'created', 'model', 'service_tier', 'system_fingerprint'];

/**
 * The chunks of a chat completion, choice by choice; with `includeUsage` the last one has no choice
 * and tells what the answer used, and the others say that they do not.
 */
export function* answerChunks(answer: JsonObject, includeUsage: boolean): Generator<JsonObject> {
  const { choices: _choices, usage, object: _object, ...members } = answer;
  const repeated = {
    ...Object.fromEntries(Object.entries(members).filter(([name]) => REPEATED.includes(name))),
    object: 'chat.completion.chunk',
  };
  const noUsage = includeUsage ? { usage: null } : {};
  let first = true;
  for (const [position, choice] of (objectsAt(answer, 'choices') ?? []).entries()) {
    for (const piece of choiceChunks(choice, position)) {
      yield { ...(first ? members : {}), ...repeated, choices: [piece], ...noUsage };
      first = false;
    }
  }
  if (includeUsage) yield { ...repeated, choices: [], usage: usage ?? null };
}
