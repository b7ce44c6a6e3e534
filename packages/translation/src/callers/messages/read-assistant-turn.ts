import type {
  LanguageModelV4Message,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
} from '@ai-sdk/provider';
import { UntranslatableError } from '../../loss.ts';
import type { ObjectReader } from '../json-reading.ts';
import type { KnownMembers } from '../known-members.ts';
import { cacheMarkerOf } from './cache-control.ts';
import { type Content, type ContentBlock, unsupportedBlock } from './content-block.ts';
import { readTextBlock } from './read-text-block.ts';

type AssistantPart =
  | LanguageModelV4TextPart
  | LanguageModelV4ReasoningPart
  | LanguageModelV4ToolCallPart;

interface AssistantTurn {
  /** Gets the name of each tool that is called here, by the id of the call. */
  toolNames: Map<string, string>;
  /** Whether the conversation ends with this turn. */
  isLast: boolean;
}

export function readAssistantTurn(
  content: Content,
  members: KnownMembers,
  { toolNames, isLast }: AssistantTurn,
): LanguageModelV4Message[] {
  if (typeof content === 'string') {
    return [{ role: 'assistant', content: [{ type: 'text', text: content }] }];
  }
  const parts = content.flatMap((block, index): AssistantPart[] => {
    if (isRunByVendor(block)) {
      if (isLast && index === content.length - 1) {
        throw new UntranslatableError(
          block.path,
          "only Anthropic can go on after its own tool's turn",
        );
      }
      members.lose(block.path, "of Anthropic's own tools is not carried; the text beside it is");
      return [];
    }
    return [readAssistantBlock(block, toolNames)];
  });
  return parts.length === 0 ? [] : [{ role: 'assistant', content: parts }];
}

/** Calls and results of tools that Anthropic runs: the results are encrypted, or live there. */
function isRunByVendor({ type }: ContentBlock): boolean {
  return (
    type === 'server_tool_use' ||
    type === 'mcp_tool_use' ||
    (type.endsWith('_tool_result') && type !== 'tool_result')
  );
}

function readAssistantBlock(block: ContentBlock, toolNames: Map<string, string>): AssistantPart {
  switch (block.type) {
    case 'text':
      return readTextBlock(block);
    case 'thinking':
      return readThinking(block.open());
    case 'redacted_thinking':
      return readRedactedThinking(block.open());
    case 'tool_use':
      return readToolUse(block.open(), toolNames);
    default:
      throw unsupportedBlock(block);
  }
}

// A signature means something to Claude only, wherever it runs; the codecs of others tell its loss.
function readThinking(block: ObjectReader): LanguageModelV4ReasoningPart {
  const signature = block.text('signature');
  return {
    type: 'reasoning',
    text: block.required('thinking', block.text('thinking')),
    ...(signature !== undefined && { providerOptions: { anthropic: { signature } } }),
  };
}

function readRedactedThinking(block: ObjectReader): LanguageModelV4ReasoningPart {
  const redactedData = block.required('data', block.text('data'));
  return { type: 'reasoning', text: '', providerOptions: { anthropic: { redactedData } } };
}

function readToolUse(
  block: ObjectReader,
  toolNames: Map<string, string>,
): LanguageModelV4ToolCallPart {
  const toolCallId = block.required('id', block.text('id'));
  const toolName = block.required('name', block.text('name'));
  toolNames.set(toolCallId, toolName);
  const caller = block.object('caller');
  if (caller !== undefined && caller.text('type') !== 'direct') {
    caller.ignore('tool_id');
    caller.lose('type', "is a run of Anthropic's own tool, and is not carried");
  }
  return {
    type: 'tool-call',
    toolCallId,
    toolName,
    input: block.required('input', block.whole('input')),
    ...cacheMarkerOf(block),
  };
}
