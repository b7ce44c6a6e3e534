import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import type { NeutralRequest } from '../neutral-request.ts';

/** What a request says, without how its dialect groups it: to compare one with another. */
export interface RequestFacts {
  system: string[];
  /** Every part of the conversation in order: `user hello`, `call weather {…}`, `result … sunny`. */
  conversation: string[];
  /** Options and extras by name; absent is what happens where nobody asks. */
  settings: Record<string, unknown>;
}

export function factsOf({ options, extras }: NeutralRequest): RequestFacts {
  const { prompt, tools, responseFormat, toolChoice, providerOptions: _, ...settings } = options;
  const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined;
  return {
    system: prompt.flatMap((turn) => (turn.role === 'system' ? [turn.content] : [])),
    conversation: prompt.flatMap(spokenIn),
    settings: said({
      ...settings,
      ...Object.fromEntries(Object.entries(extras).map(([name, { value }]) => [name, value])),
      tools: tools?.map((tool) =>
        tool.type === 'function'
          ? { name: tool.name, description: tool.description, schema: tool.inputSchema }
          : tool,
      ),
      strictTools: tools?.flatMap((tool) =>
        tool.type === 'function' && tool.strict === true ? [tool.name] : [],
      ),
      toolChoice: toolChoice?.type === 'tool' ? toolChoice.toolName : toolChoice?.type,
      responseFormat: schema,
    }),
  };
}

/** Without what is absent, and without asking for what happens anyway. */
export function said(settings: Record<string, unknown>): Record<string, unknown> {
  const defaults = new Map<string, unknown>([
    ['toolChoice', 'auto'],
    ['parallelToolCalls', true],
    ['strictJsonSchema', false],
    ['store', false],
    ['serviceTier', 'auto'],
  ]);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== defaults.get(name) &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );
}

export function spokenCall(name: unknown, input: unknown): string {
  return `call ${String(name)} ${JSON.stringify(input)}`;
}

export function spokenImage(address: string): string {
  return `image ${address}`;
}

function spokenIn(message: LanguageModelV4Message): string[] {
  if (message.role === 'system') return [];
  return message.content.map((part) => {
    if (part.type === 'text') return `${message.role} ${part.text}`;
    if (part.type === 'file') return spokenImage(addressOf(part));
    if (part.type === 'tool-call') return spokenCall(part.toolName, part.input);
    if (part.type === 'tool-result') return `result ${spokenOutput(part.output)}`;
    return JSON.stringify(part);
  });
}

function spokenOutput(output: LanguageModelV4ToolResultOutput): string {
  return output.type === 'text' ? output.value : JSON.stringify(output);
}

function addressOf({ data, mediaType }: LanguageModelV4FilePart): string {
  if (data.type === 'url') return data.url.href;
  return `${mediaType} ${data.type === 'data' ? String(data.data) : JSON.stringify(data)}`;
}
