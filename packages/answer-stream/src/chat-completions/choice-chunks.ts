import type { JsonObject } from '@understudy/provider';
import { isObject, objectAt, objectsAt } from '@understudy/provider';
import { cutText } from '../cut-text.ts';
import { toolCallDeltas } from './tool-call-deltas.ts';

/** One choice of an answer as the choices of its chunks: what it says, then why it ended. */
export function* choiceChunks(choice: JsonObject, position: number): Generator<JsonObject> {
  const { message: _message, finish_reason: reason, logprobs, ...members } = choice;
  const index = typeof choice['index'] === 'number' ? choice['index'] : position;
  // Told once, beside the first words: readers add up what comes in several pieces.
  let untold = logprobs ?? null;
  for (const delta of messageDeltas(objectAt(choice, 'message'))) {
    const told = 'role' in delta ? null : untold;
    if (told !== null) untold = null;
    yield { index, delta, logprobs: told, finish_reason: null };
  }
  yield { ...members, index, delta: {}, logprobs: untold, finish_reason: reason ?? null };
}

function* messageDeltas(message: JsonObject): Generator<JsonObject> {
  const { role, content, refusal, tool_calls: _calls, function_call: called, ...others } = message;
  yield {
    role: role ?? 'assistant',
    content: typeof content === 'string' ? '' : null,
    refusal: null,
  };
  // A vendor's own members, `reasoning_content` among them, come whole: some readers join what
  // they get in pieces and others keep the last piece, OpenAI's SDK being one of these.
  const whole = Object.entries(others).filter(([, value]) => value !== null);
  if (whole.length > 0) yield Object.fromEntries(whole);
  yield* textDeltas('content', content);
  yield* textDeltas('refusal', refusal);
  if (isObject(called)) yield* calledFunctionDeltas(called);
  for (const [position, call] of (objectsAt(message, 'tool_calls') ?? []).entries()) {
    for (const piece of toolCallDeltas(call, position)) yield { tool_calls: [piece] };
  }
}

/** Some vendors' content is a list of parts, which comes whole. */
function* textDeltas(name: string, value: unknown): Generator<JsonObject> {
  if (typeof value === 'string') {
    for (const piece of cutText(value)) yield { [name]: piece };
  } else if (value !== null && value !== undefined) {
    yield { [name]: value };
  }
}

/** The call of a function as it was before there were tools. */
function* calledFunctionDeltas(called: JsonObject): Generator<JsonObject> {
  const text = called['arguments'];
  const isCut = typeof text === 'string';
  yield { function_call: isCut ? { ...called, arguments: '' } : called };
  for (const piece of isCut ? cutText(text) : []) yield { function_call: { arguments: piece } };
}
