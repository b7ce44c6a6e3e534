import type { ObjectReader } from '../json-reading.ts';
import { describeType } from '../openai/function-tools.ts';
import { readContent } from '../openai/content-parts.ts';
import { type AssistantPart, toolCall, type ToolCallPart } from '../openai/prompt-building.ts';
import { readToolArguments } from '../openai/tool-arguments.ts';

/** Reads an assistant's turn: what it thought, said, and called, in this order. */
export function readAssistant(message: ObjectReader): AssistantPart[] {
  message.refuse('audio', 'speech that one vendor made is not there at another');
  // An answer's annotations come back empty or say where its words came from: no input either way.
  message.ignore('annotations');
  const refusal = message.text('refusal');
  return [
    ...readReasoning(message),
    ...(readContent(message, 'content', text, part) ?? []),
    ...(refusal === undefined ? [] : [text(refusal)]),
    ...(message.objects('tool_calls') ?? []).map(readToolCall),
    ...readFunctionCall(message),
  ].filter((each) => each.type !== 'text' || each.text !== '');
}

const text = (value: string): AssistantPart => ({ type: 'text', text: value });

// A refusal is the model's own words as well, and other dialects hold it as text.
function part(reader: ObjectReader, type: string): AssistantPart {
  if (type === 'text') return text(reader.required('text', reader.text('text')));
  if (type === 'refusal') return text(reader.required('refusal', reader.text('refusal')));
  throw reader.error('type', 'other dialects have no such content of an assistant');
}

// Not in OpenAI's own dialect: DeepSeek, Groq, OpenRouter and vLLM answer with one of the two.
function readReasoning(message: ObjectReader): AssistantPart[] {
  const words = message.text('reasoning_content') ?? message.text('reasoning');
  if (message.text('reasoning') !== words) {
    message.lose('reasoning', 'is not carried beside reasoning_content');
  }
  return words === undefined || words === '' ? [] : [{ type: 'reasoning', text: words }];
}

function readToolCall(call: ObjectReader): ToolCallPart {
  // Streamed calls have an index, which some clients send back.
  call.ignore('index');
  const type = call.text('type') ?? 'function';
  if (type !== 'function') {
    throw call.error('type', `tools of type ${describeType(type)} are this dialect's own`);
  }
  const named = call.required('function', call.object('function'));
  const id = call.required('id', call.text('id'));
  const name = named.required('name', named.text('name'));
  return { ...toolCall(id, name, readToolArguments(named)), ...readThoughtSignature(call) };
}

// Google's OpenAI-compatible endpoint hands out signatures there, and Gemini 3 wants them back:
// https://ai.google.dev/gemini-api/docs/thought-signatures
function readThoughtSignature(call: ObjectReader): Pick<ToolCallPart, 'providerOptions'> {
  const google = call.object('extra_content')?.object('google');
  const thoughtSignature = google?.text('thought_signature');
  return thoughtSignature === undefined
    ? {}
    : { providerOptions: { google: { thoughtSignature } } };
}

// The form until 2023 had no ids: the place in the conversation makes one.
function readFunctionCall(message: ObjectReader): ToolCallPart[] {
  const call = message.object('function_call');
  if (call === undefined) return [];
  const place = /\[(\d+)\]$/.exec(message.path)?.[1] ?? '0';
  const name = call.required('name', call.text('name'));
  return [toolCall(`call_${place}`, name, readToolArguments(call))];
}
