import type {
  JSONObject,
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
} from '@ai-sdk/provider';
import type { Extra } from '../../neutral-request.ts';
import { isObject, type ObjectReader } from '../json-reading.ts';
import { readSchema } from '../json-schema.ts';
import type { KnownMembers } from '../known-members.ts';
import { cacheMarkerOf } from './cache-control.ts';
import { blocksAt } from './content-block.ts';

type ToolChoice = NonNullable<LanguageModelV4CallOptions['toolChoice']>;

export function readTools(
  request: ObjectReader,
  members: KnownMembers,
): LanguageModelV4FunctionTool[] | undefined {
  return blocksAt(request, 'tools', members, 'custom')?.flatMap((block) => {
    if (block.type === 'custom') return [readTool(block.open())];
    // Even those the caller runs have no schema: Claude alone knows how they are called.
    members.lose(block.path, 'of a type that Anthropic defines is not carried');
    return [];
  });
}

function readTool(tool: ObjectReader): LanguageModelV4FunctionTool {
  // It says how arguments are streamed, and no answer here is.
  tool.ignore('eager_input_streaming');
  if (tool.boolean('defer_loading') === true) {
    tool.lose('defer_loading', 'is not carried; the tool is given at once');
  }
  readAllowedCallers(tool);
  const description = tool.text('description');
  const strict = tool.boolean('strict');
  const inputExamples = readExamples(tool);
  return {
    type: 'function',
    name: tool.required('name', tool.text('name')),
    ...(description !== undefined && { description }),
    inputSchema: tool.required('input_schema', readSchema(tool, 'input_schema')),
    ...(inputExamples !== undefined && { inputExamples }),
    ...(strict !== undefined && { strict }),
    ...cacheMarkerOf(tool),
  };
}

function readAllowedCallers(tool: ObjectReader): void {
  const callers = tool.texts('allowed_callers') ?? [];
  if (callers.every((caller) => caller === 'direct')) return;
  tool.lose('allowed_callers', 'names a tool that Anthropic runs, and is not carried');
}

function readExamples(tool: ObjectReader): LanguageModelV4FunctionTool['inputExamples'] {
  const examples = tool.value('input_examples');
  if (examples === undefined) return undefined;
  if (!Array.isArray(examples) || !examples.every(isJsonObject)) {
    throw tool.error('input_examples', 'it is not a list of objects');
  }
  return examples.map((input) => ({ input }));
}

/** The whole body is JSON, so that every object in it is one. */
function isJsonObject(value: unknown): value is JSONObject {
  return isObject(value);
}

/** @throws UntranslatableError when the tool that must be called is not carried */
export function readToolChoice(
  request: ObjectReader,
  tools: readonly LanguageModelV4FunctionTool[] | undefined,
): { toolChoice?: ToolChoice; parallelToolCalls?: Extra<boolean> } {
  const choice = request.object('tool_choice');
  if (choice === undefined) return {};
  const toolChoice = toolChoiceOf(choice, tools ?? []);
  const disabled = choice.boolean('disable_parallel_tool_use') === true;
  const field = choice.pathOf('disable_parallel_tool_use');
  return { toolChoice, ...(disabled && { parallelToolCalls: { field, value: false } }) };
}

function toolChoiceOf(
  choice: ObjectReader,
  tools: readonly LanguageModelV4FunctionTool[],
): ToolChoice {
  switch (choice.required('type', choice.text('type'))) {
    case 'auto':
      return { type: 'auto' };
    case 'none':
      return { type: 'none' };
    case 'any':
      if (tools.length === 0) throw choice.error('type', 'there is no tool that could be called');
      return { type: 'required' };
    case 'tool': {
      const toolName = choice.required('name', choice.text('name'));
      if (!tools.some((tool) => tool.name === toolName)) {
        throw choice.error('name', 'the tool that must be called is not among those carried');
      }
      return { type: 'tool', toolName };
    }
    default:
      throw choice.error('type', 'it is not auto, any, tool or none');
  }
}
