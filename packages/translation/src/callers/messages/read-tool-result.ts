import type {
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import type { KnownMembers } from '../known-members.ts';
import { cacheMarkerOf, type WithProviderOptions } from './cache-control.ts';
import { type Content, contentAt, type ContentBlock, unsupportedBlock } from './content-block.ts';
import { readMediaBlock, type UserPart } from './read-media-block.ts';

/** @param toolNames name of the tool by the id of its call, of all calls so far */
export function readToolResult(
  block: ContentBlock,
  members: KnownMembers,
  toolNames: ReadonlyMap<string, string>,
): LanguageModelV4ToolResultPart {
  const reader = block.open();
  const toolCallId = reader.required('tool_use_id', reader.text('tool_use_id'));
  const toolName = toolNames.get(toolCallId);
  if (toolName === undefined) {
    throw reader.error('tool_use_id', 'no tool_use block before it has this id');
  }
  const parts = readParts(contentAt(reader, 'content', members) ?? '', members);
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: outputOf(parts, reader),
    ...innerMarker(parts),
    ...cacheMarkerOf(reader),
  };
}

function readParts(content: Content, members: KnownMembers): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((block) => {
    if (block.type === 'tool_reference') {
      members.lose(block.path, 'names a tool to be loaded; all tools are given at once elsewhere');
      return [];
    }
    const parts = readMediaBlock(block, members);
    if (parts === undefined) throw unsupportedBlock(block);
    return parts;
  });
}

// Text alone is one text: dialects whose tool results are strings would show blocks as JSON.
function outputOf(
  parts: readonly UserPart[],
  reader: ObjectReader,
): LanguageModelV4ToolResultOutput {
  const isError = reader.boolean('is_error') === true;
  if (parts.every(isText)) {
    const value = parts.map((part) => part.text).join('\n');
    return { type: isError ? 'error-text' : 'text', value };
  }
  if (isError) reader.lose('is_error', 'is not carried beside images and documents');
  return { type: 'content', value: [...parts] };
}

function isText(part: UserPart): part is LanguageModelV4TextPart {
  return part.type === 'text';
}

/** A marker within the result marks the whole, as the result is one part. */
function innerMarker(parts: readonly UserPart[]): WithProviderOptions {
  const providerOptions = parts.findLast((part) => part.providerOptions)?.providerOptions;
  return providerOptions === undefined ? {} : { providerOptions };
}
