import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import { audioPart, filePart, imagePart, readContent } from '../openai/content-parts.ts';
import {
  createPromptBuilder,
  type PromptBuilder,
  toolOutput,
  type UserPart,
} from '../openai/prompt-building.ts';
import { readAssistant } from './read-assistant.ts';

const NAMED = 'is not carried: other dialects know no names of speakers';

/** Reads `messages`, turn by turn. */
export function readMessages(body: ObjectReader): LanguageModelV4Prompt {
  const builder = createPromptBuilder();
  for (const message of body.required('messages', body.objects('messages'))) {
    readMessage(message, builder);
  }
  return builder.prompt;
}

function readMessage(message: ObjectReader, builder: PromptBuilder): void {
  const role = message.required('role', message.text('role'));
  switch (role) {
    case 'system':
    case 'developer':
      message.lose('name', NAMED);
      builder.system(texts(message).join('\n'));
      return;
    case 'user':
      message.lose('name', NAMED);
      builder.user(message.required('content', readContent(message, 'content', text, part)));
      return;
    case 'assistant':
      message.lose('name', NAMED);
      builder.assistant(readAssistant(message));
      return;
    case 'tool':
      readToolResult(message, builder);
      return;
    case 'function':
      readFunctionResult(message, builder);
      return;
    default:
      throw message.error('role', 'it is none of system, developer, user, assistant and tool');
  }
}

function readToolResult(message: ObjectReader, builder: PromptBuilder): void {
  // Some clients repeat the tool's name, which its call tells.
  message.ignore('name');
  const callId = message.required('tool_call_id', message.text('tool_call_id'));
  const content = message.required('content', readContent(message, 'content', text, part));
  builder.toolResult(callId, toolOutput(content), message.pathOf('tool_call_id'));
}

// Before tools had ids, a result named its function: it answers the assistant's last call of it.
function readFunctionResult(message: ObjectReader, builder: PromptBuilder): void {
  const name = message.required('name', message.text('name'));
  const content = message.required('content', readContent(message, 'content', text, part));
  const calls = builder.prompt.flatMap((turn) =>
    turn.role === 'assistant' ? turn.content.filter((call) => call.type === 'tool-call') : [],
  );
  const call = calls.findLast((candidate) => candidate.toolName === name);
  if (call === undefined) throw message.error('name', 'no call of this function is before it');
  builder.toolResult(call.toolCallId, toolOutput(content), message.pathOf('name'));
}

function texts(message: ObjectReader): string[] {
  const content = readContent(
    message,
    'content',
    (value) => value,
    (reader, type) => {
      if (type === 'text') return reader.required('text', reader.text('text'));
      throw reader.error('type', 'only text can be part of such a turn');
    },
  );
  return message.required('content', content);
}

const text = (value: string): UserPart => ({ type: 'text', text: value });

function part(reader: ObjectReader, type: string): UserPart {
  switch (type) {
    case 'text':
      return text(reader.required('text', reader.text('text')));
    case 'image_url':
      return imagePart(reader.required('image_url', reader.object('image_url')), 'url');
    case 'input_audio':
      return audioPart(reader.required('input_audio', reader.object('input_audio')));
    case 'file':
      return filePart(reader.required('file', reader.object('file')));
    default:
      throw reader.error('type', 'other dialects have no such content');
  }
}
