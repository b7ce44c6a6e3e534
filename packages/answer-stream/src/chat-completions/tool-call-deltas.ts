import type { JsonObject } from '@understudy/provider';
import { isObject } from '@understudy/provider';
import { cutText } from '../cut-text.ts';

/** Where each kind of tool call keeps the text that the model writes. */
const TEXT_OF_KIND = [
  ['function', 'arguments'],
  ['custom', 'input'],
] as const;

/** One tool call: its head first, then its text in pieces. A kind that is not known comes whole. */
export function* toolCallDeltas(call: JsonObject, position: number): Generator<JsonObject> {
  const index = position;
  for (const [kind, name] of TEXT_OF_KIND) {
    const called = call[kind];
    if (!isObject(called) || typeof called[name] !== 'string') continue;
    yield { ...call, index, [kind]: { ...called, [name]: '' } };
    for (const piece of cutText(called[name])) yield { index, [kind]: { [name]: piece } };
    return;
  }
  yield { ...call, index };
}
