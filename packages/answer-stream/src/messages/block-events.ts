import type { JsonObject } from '@understudy/provider';
import { isObject } from '@understudy/provider';
import { cutText } from '../cut-text.ts';
import type { MessageEvent } from './message-events.ts';

/** A block as it begins, and what is added to it. */
interface Pieces {
  start: JsonObject;
  deltas: Iterable<JsonObject>;
}

/** Kinds of blocks that come in pieces, as Anthropic sends them; all others come whole. */
const CUT: Readonly<Record<string, (block: JsonObject) => Pieces>> = {
  text: cutTextBlock,
  thinking: cutThinking,
  tool_use: cutToolUse,
  server_tool_use: cutToolUse,
};

/** The events of one block of a message's content. */
export function* blockEvents(block: JsonObject, index: number): Generator<MessageEvent> {
  const cut = CUT[String(block['type'])] ?? ((whole) => ({ start: whole, deltas: [] }));
  const { start, deltas } = cut(block);
  yield { type: 'content_block_start', index, content_block: start };
  for (const delta of deltas) yield { type: 'content_block_delta', index, delta };
  yield { type: 'content_block_stop', index };
}

function cutTextBlock(block: JsonObject): Pieces {
  const { text, citations } = block;
  return {
    start: { ...block, text: '', ...(Array.isArray(citations) ? { citations: [] } : {}) },
    deltas: textBlockDeltas(text, citations),
  };
}

function* textBlockDeltas(text: unknown, citations: unknown): Generator<JsonObject> {
  for (const piece of pieces(text)) yield { type: 'text_delta', text: piece };
  if (!Array.isArray(citations)) return;
  for (const citation of citations) yield { type: 'citations_delta', citation };
}

function cutThinking(block: JsonObject): Pieces {
  const { signature } = block;
  return {
    start: { ...block, thinking: '', ...(typeof signature === 'string' ? { signature: '' } : {}) },
    deltas: thinkingDeltas(block),
  };
}

function* thinkingDeltas({ thinking, signature }: JsonObject): Generator<JsonObject> {
  for (const piece of pieces(thinking)) yield { type: 'thinking_delta', thinking: piece };
  if (typeof signature === 'string') yield { type: 'signature_delta', signature };
}

function cutToolUse(block: JsonObject): Pieces {
  if (!isObject(block['input'])) return { start: block, deltas: [] };
  return { start: { ...block, input: {} }, deltas: inputDeltas(block['input']) };
}

function* inputDeltas(input: JsonObject): Generator<JsonObject> {
  for (const piece of pieces(JSON.stringify(input))) {
    yield { type: 'input_json_delta', partial_json: piece };
  }
}

function pieces(text: unknown): Iterable<string> {
  return typeof text === 'string' ? cutText(text) : [];
}
