import { createHash } from 'node:crypto';
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';

/** The id under which a dialect can be told of a call; equal ids stay equal, others stay apart. */
export type CallId = (id: string) => string;

/** Claude's and Bedrock's: at most 64 letters, digits, underscores and hyphens. */
export const wordCallId: CallId = (id) => (/^[\w-]{1,64}$/.test(id) ? id : named(id, 64));

/** OpenAI's: any characters, but so many at most. */
export function callIdUpTo(length: number): CallId {
  return (id) => (id.length <= length ? id : named(id, length));
}

/** Mistral's: nine letters and digits. */
export const mistralCallId: CallId = (id) =>
  /^[a-zA-Z0-9]{9}$/.test(id) ? id : digestOf(id).slice(0, 9);

/** The options with the ids of calls, and of their results, as the dialect takes them. */
export function withCallIds(
  options: LanguageModelV4CallOptions,
  callId: CallId,
): LanguageModelV4CallOptions {
  return { ...options, prompt: options.prompt.map((message) => renamedIn(message, callId)) };
}

function renamedIn(message: LanguageModelV4Message, callId: CallId): LanguageModelV4Message {
  if (message.role === 'assistant') {
    return { ...message, content: message.content.map((part) => renamed(part, callId)) };
  }
  if (message.role === 'tool') {
    return { ...message, content: message.content.map((part) => renamed(part, callId)) };
  }
  return message;
}

function renamed<Part extends { type: string }>(part: Part, callId: CallId): Part {
  return isOfCall(part) ? { ...part, toolCallId: callId(part.toolCallId) } : part;
}

function isOfCall(part: {
  type: string;
}): part is LanguageModelV4ToolCallPart | LanguageModelV4ToolResultPart {
  return part.type === 'tool-call' || part.type === 'tool-result';
}

const DIGITS = 12;

/** As much of the id as there is room for, and what tells it from others of the same beginning. */
function named(id: string, length: number): string {
  const beginning = id.replaceAll(/[^\w-]/g, '_').slice(0, length - DIGITS - 1);
  return `${beginning}_${digestOf(id).slice(0, DIGITS)}`;
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
