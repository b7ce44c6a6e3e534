import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { isObject, type ObjectReader } from '../json-reading.ts';

type Tools = NonNullable<LanguageModelV4CallOptions['tools']>;
type ToolChoice = NonNullable<LanguageModelV4CallOptions['toolChoice']>;

export interface ChosenTools {
  tools?: Tools;
  toolChoice?: ToolChoice;
}

/** Where the dialects differ: chat completions wrap a function's name, and the list of allowed ones. */
export interface ToolChoiceShape {
  functionName(choice: ObjectReader): string;
  allowed(choice: ObjectReader): ObjectReader;
}

/**
 * Reads `tool_choice`. A choice among allowed tools leaves only those on the list, which every
 * provider can do: the model may call the same ones as before.
 * @throws UntranslatableError where a tool is demanded that is not carried
 */
export function readToolChoice(
  body: ObjectReader,
  tools: Tools | undefined,
  shape: ToolChoiceShape,
): ChosenTools {
  const chosen = tools === undefined ? {} : { tools };
  if (!isObject(body.value('tool_choice'))) return { ...chosen, ...choiceByName(body) };
  const choice = body.object('tool_choice');
  if (choice === undefined) return chosen;
  const type = choice.required('type', choice.text('type'));
  if (type === 'function') {
    return { ...chosen, toolChoice: oneTool(choice, shape.functionName(choice), tools) };
  }
  if (type === 'allowed_tools') return allowedTools(shape.allowed(choice), tools, shape);
  throw choice.error('type', 'a tool is demanded that only its own vendor runs');
}

function choiceByName(body: ObjectReader): ChosenTools {
  const choice = body.text('tool_choice');
  if (choice === undefined) return {};
  if (choice === 'none' || choice === 'auto' || choice === 'required') {
    return { toolChoice: { type: choice } };
  }
  throw body.error('tool_choice', 'it is none of "none", "auto" and "required"');
}

function oneTool(choice: ObjectReader, toolName: string, tools: Tools | undefined): ToolChoice {
  if (tools?.some((tool) => tool.name === toolName) !== true) {
    throw choice.error('type', 'it demands a tool that is not on the list of tools');
  }
  return { type: 'tool', toolName };
}

function allowedTools(
  allowed: ObjectReader,
  tools: Tools | undefined,
  shape: ToolChoiceShape,
): ChosenTools {
  const mode = allowed.required('mode', allowed.text('mode'));
  if (mode !== 'auto' && mode !== 'required') {
    throw allowed.error('mode', 'it is neither "auto" nor "required"');
  }
  const names = new Set<string>();
  for (const tool of allowed.required('tools', allowed.objects('tools'))) {
    if (tool.text('type') === 'function') names.add(shape.functionName(tool));
    else tool.loseWhole('is a tool that only its own vendor runs');
  }
  const left = (tools ?? []).filter((tool) => names.has(tool.name));
  if (left.length === 0) throw allowed.error('tools', 'none of the tools it allows is carried');
  return { tools: left, toolChoice: { type: mode } };
}
