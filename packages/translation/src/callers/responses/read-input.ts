import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import { describeType } from '../openai/function-tools.ts';
import { readContent } from '../openai/content-parts.ts';
import {
  createPromptBuilder,
  type PromptBuilder,
  toolCall,
  toolOutput,
} from '../openai/prompt-building.ts';
import { readToolArguments } from '../openai/tool-arguments.ts';
import { assistantPart, inputPart, text } from './read-content.ts';

/** Reads `instructions` and `input`: a string, or the items of a conversation. */
export function readInput(body: ObjectReader): LanguageModelV4Prompt {
  const builder = createPromptBuilder();
  const instructions = body.text('instructions');
  if (instructions !== undefined) builder.system(instructions);
  const input = body.value('input');
  if (typeof input === 'string') {
    builder.user([text(input)]);
  } else {
    for (const item of body.required('input', body.objects('input'))) readItem(item, builder);
  }
  return builder.prompt;
}

/**
 * Records of tools that a vendor ran itself: what it made of them stands in the messages after
 * them. Items of any other type cannot be left out of a conversation.
 */
const RECORDS: ReadonlySet<string> = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'mcp_call',
  'mcp_list_tools',
]);

function readItem(item: ObjectReader, builder: PromptBuilder): void {
  const type = item.text('type') ?? 'message';
  switch (type) {
    case 'message':
      readMessage(item, builder);
      return;
    case 'function_call':
      readFunctionCall(item, builder);
      return;
    case 'function_call_output':
      readFunctionCallOutput(item, builder);
      return;
    case 'reasoning':
      readReasoning(item, builder);
      return;
    default:
      if (!RECORDS.has(type)) {
        throw item.error('type', `items of type ${describeType(type)} mean nothing elsewhere`);
      }
      item.loseWhole(`is not carried: items of type ${describeType(type)} are this dialect's own`);
  }
}

// An item that comes from an answer has an id and a status; neither means anything to a model.
function ignoreLabels(item: ObjectReader): void {
  item.ignore('id', 'status');
}

function readMessage(item: ObjectReader, builder: PromptBuilder): void {
  ignoreLabels(item);
  item.lose('phase', 'is not carried: other dialects do not tell comments from answers');
  const role = item.required('role', item.text('role'));
  switch (role) {
    case 'system':
    case 'developer':
      builder.system(systemText(item));
      return;
    case 'user':
      builder.user(item.required('content', readContent(item, 'content', text, inputPart)));
      return;
    case 'assistant': {
      const content = readContent(item, 'content', text, assistantPart);
      builder.continueAssistant(
        item.required('content', content).filter((part) => part.text !== ''),
      );
      return;
    }
    default:
      throw item.error('role', 'it is none of system, developer, user and assistant');
  }
}

function systemText(item: ObjectReader): string {
  const content = readContent(item, 'content', text, (part, type) => {
    if (type !== 'input_text') throw part.error('type', 'only text can be part of such a turn');
    return text(part.required('text', part.text('text')));
  });
  return item
    .required('content', content)
    .map((part) => part.text)
    .join('\n');
}

function readFunctionCall(item: ObjectReader, builder: PromptBuilder): void {
  ignoreLabels(item);
  const callId = item.required('call_id', item.text('call_id'));
  const name = item.required('name', item.text('name'));
  builder.continueAssistant([toolCall(callId, name, readToolArguments(item))]);
}

function readFunctionCallOutput(item: ObjectReader, builder: PromptBuilder): void {
  ignoreLabels(item);
  const callId = item.required('call_id', item.text('call_id'));
  const output = item.required('output', readContent(item, 'output', text, inputPart));
  builder.toolResult(callId, toolOutput(output), item.pathOf('call_id'));
}

function readReasoning(item: ObjectReader, builder: PromptBuilder): void {
  ignoreLabels(item);
  item.lose('encrypted_content', 'is not carried: only the vendor that made it can read it');
  const content = item.objects('content') ?? [];
  const summary = item.objects('summary') ?? [];
  // The thoughts themselves say more than their summary, where a model shows them.
  const words = (content.length > 0 ? content : summary).map((part) => {
    part.ignore('type');
    return part.required('text', part.text('text'));
  });
  if (content.length > 0) item.ignore('summary');
  const thoughts = words.filter((each) => each !== '');
  if (thoughts.length === 0) return;
  builder.continueAssistant(thoughts.map((each) => ({ type: 'reasoning', text: each })));
}
