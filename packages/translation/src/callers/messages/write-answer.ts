import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import { parseExact } from '../../exact-integers.ts';
import type { AnswerContext, JsonObject, WrittenAnswer } from '../../translator.ts';
import { isObject } from '../json-reading.ts';
import { createKnownMembers, type KnownMembers } from '../known-members.ts';
import { type AnswerPart, thoughtSignatureOf } from '../openai/answer-parts.ts';
import { stopReasonOf } from './stop-reason.ts';

/** An answer as Anthropic's messages give it, with every member that the SDK's type has. */
export function writeAnswer(
  result: LanguageModelV4GenerateResult,
  { id, model, usage }: AnswerContext,
): WrittenAnswer {
  const members = createKnownMembers();
  const content = result.content.flatMap((part) => writeBlock(part, members));
  const callsTools = content.some((block) => block['type'] === 'tool_use');
  const stopReason = stopReasonOf(result.finishReason, callsTools, members);
  const refused = stopReason === 'refusal';
  const body = {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stopReason,
    stop_sequence: stopReason === 'stop_sequence' ? stopSequenceOf(result) : null,
    stop_details: refused ? { type: 'refusal', category: null, explanation: null } : null,
    container: null,
    diagnostics: null,
    usage: writeUsage(usage, members),
  };
  return { body, losses: members.losses() };
}

/** Claude on Amazon Bedrock tells which sequence it was; null where nobody does. */
function stopSequenceOf({ providerMetadata }: LanguageModelV4GenerateResult): string | null {
  const sequence = providerMetadata?.['amazonBedrock']?.['stopSequence'];
  return typeof sequence === 'string' ? sequence : null;
}

function writeBlock(part: LanguageModelV4Content, members: KnownMembers): JsonObject[] {
  if (part.type === 'reasoning') return writeThinking(part, members);
  if (part.type === 'text') {
    tellLostSignature(part, members);
    return part.text === '' ? [] : [{ type: 'text', text: part.text, citations: null }];
  }
  if (part.type === 'tool-call' && part.providerExecuted !== true) {
    tellLostSignature(part, members);
    return [writeToolUse(part, members)];
  }
  members.lose('content[]', `of the answer holds a ${part.type} that has no place here`);
  return [];
}

type Reasoning = Extract<LanguageModelV4Content, { type: 'reasoning' }>;
type ToolCall = Extract<LanguageModelV4Content, { type: 'tool-call' }>;

// A thinking block without Claude's signature would be refused when the caller sends it back.
function writeThinking(part: Reasoning, members: KnownMembers): JsonObject[] {
  const signature = part.providerMetadata?.['anthropic']?.['signature'];
  const data = part.providerMetadata?.['anthropic']?.['redactedData'];
  if (typeof signature === 'string') {
    return [{ type: 'thinking', thinking: part.text, signature }];
  }
  if (typeof data === 'string') return [{ type: 'redacted_thinking', data }];
  // OpenAI tells that a model thought, also where it does not tell what.
  if (part.text !== '') {
    members.lose('content[].thinking', 'is left out: it has no signature of Claude');
  }
  return [];
}

function tellLostSignature(part: AnswerPart, members: KnownMembers): void {
  if (thoughtSignatureOf(part) === undefined) return;
  members.lose('content[]', 'has no place for signatures of thoughts but those of Claude');
}

function writeToolUse(part: ToolCall, members: KnownMembers): JsonObject {
  return {
    type: 'tool_use',
    // Claude refuses ids with other characters (`functions.weather:0`) once they come back.
    id: part.toolCallId.replaceAll(/[^\w-]/g, '_'),
    name: part.toolName,
    input: inputOf(part.input, members),
    caller: { type: 'direct' },
  };
}

/**
 * Arguments are an object in this dialect. What a model wrote instead stands under the name that
 * Anthropic proposes for arguments which are no JSON, so that the caller can give it back.
 */
function inputOf(written: string, members: KnownMembers): JsonObject {
  if (written.trim() === '') return {};
  const input = parsed(written);
  if (isObject(input)) return input;
  members.lose('content[].input', 'is no JSON object as the model wrote it');
  return { INVALID_JSON: written };
}

function parsed(json: string): unknown {
  try {
    return parseExact(json);
  } catch {
    return undefined;
  }
}

// Our normal form counts the cache as input, this dialect does not. Null is unknown.
function writeUsage(usage: Usage, members: KnownMembers): JsonObject {
  const read = usage.cache_read_tokens;
  const written = usage.cache_write_tokens;
  const thought = usage.reasoning_tokens;
  if (usage.input_tokens === undefined || usage.output_tokens === undefined) {
    members.lose('usage', 'is not told by the provider; 0 stands for unknown');
  }
  return {
    input_tokens: Math.max(0, (usage.input_tokens ?? 0) - (read ?? 0) - (written ?? 0)),
    output_tokens: usage.output_tokens ?? 0,
    output_tokens_details: thought === undefined ? null : { thinking_tokens: thought },
    cache_creation_input_tokens: written ?? null,
    cache_read_input_tokens: read ?? null,
    cache_creation: null,
    inference_geo: null,
    server_tool_use: null,
    service_tier: null,
    speed: null,
  };
}
