import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import { describeType, readFunctionTool } from '../openai/function-tools.ts';
import { type ChosenTools, readToolChoice, type ToolChoiceShape } from '../openai/tool-choice.ts';

/** Reads `tools` and `tool_choice`, or `functions` and `function_call`, their form until 2023. */
export function readTools(body: ObjectReader): ChosenTools {
  if (body.has('functions')) {
    body.refuse('tools', 'there are functions beside it, and only one of the two can be carried');
    return readFunctions(body);
  }
  body.lose('function_call', 'means nothing without functions');
  const tools = body.objects('tools')?.flatMap(readTool);
  return readToolChoice(body, tools?.length === 0 ? undefined : tools, SHAPE);
}

const SHAPE: ToolChoiceShape = {
  functionName(choice) {
    const named = choice.required('function', choice.object('function'));
    return named.required('name', named.text('name'));
  },
  allowed: (choice) => choice.required('allowed_tools', choice.object('allowed_tools')),
};

function readTool(tool: ObjectReader): LanguageModelV4FunctionTool[] {
  const type = tool.required('type', tool.text('type'));
  if (type === 'function') {
    return [readFunctionTool(tool.required('function', tool.object('function')))];
  }
  tool.loseWhole(`is not carried: tools of type ${describeType(type)} are this dialect's own`);
  return [];
}

function readFunctions(body: ObjectReader): ChosenTools {
  const tools = body.objects('functions')?.map(readFunctionTool) ?? [];
  body.lose('tool_choice', 'means nothing without tools');
  return { ...(tools.length === 0 ? {} : { tools }), ...readFunctionChoice(body, tools) };
}

function readFunctionChoice(
  body: ObjectReader,
  tools: readonly LanguageModelV4FunctionTool[],
): ChosenTools {
  const value = body.value('function_call');
  if (value === undefined) return {};
  if (value === 'none' || value === 'auto') return { toolChoice: { type: value } };
  const choice = body.required('function_call', body.object('function_call'));
  const toolName = choice.required('name', choice.text('name'));
  if (tools.some((tool) => tool.name === toolName))
    return { toolChoice: { type: 'tool', toolName } };
  throw choice.error('name', 'it is not on the list of functions');
}
