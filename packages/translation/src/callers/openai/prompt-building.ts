import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { UntranslatableError } from '../../loss.ts';
import type { JsonObject } from '../../translator.ts';

type MessageOf<Role> = Extract<LanguageModelV4Message, { role: Role }>;
export type UserPart = MessageOf<'user'>['content'][number];
export type AssistantPart = MessageOf<'assistant'>['content'][number];
export type ToolCallPart = Extract<AssistantPart, { type: 'tool-call' }>;
export type ToolOutput = Extract<AssistantPart, { type: 'tool-result' }>['output'];

/** A conversation in the neutral form, while it is put together turn by turn. */
export interface PromptBuilder {
  readonly prompt: LanguageModelV4Prompt;
  /** A blank text says nothing, and no turn comes of it. */
  system(text: string): void;
  /** Blank texts are left out as far as something else is in the turn. */
  user(content: UserPart[]): void;
  /** A turn of its own. */
  assistant(content: AssistantPart[]): void;
  /** Joins the assistant's turn before, where there is one: responses list its parts as items. */
  continueAssistant(content: AssistantPart[]): void;
  /**
   * Results that follow each other are one turn, as dialects with user turns for them want it.
   * @throws UntranslatableError when no call before has the id, given its path
   */
  toolResult(callId: string, output: ToolOutput, path: string): void;
}

export function createPromptBuilder(): PromptBuilder {
  const prompt: LanguageModelV4Prompt = [];
  const toolNames = new Map<string, string>();

  function remember(content: readonly AssistantPart[]): void {
    for (const part of content) {
      if (part.type === 'tool-call') toolNames.set(part.toolCallId, part.toolName);
    }
  }

  return {
    prompt,
    system(text) {
      if (!isBlank(text)) prompt.push({ role: 'system', content: text });
    },
    user: (content) => void prompt.push({ role: 'user', content: withoutBlanks(content) }),
    assistant(content) {
      remember(content);
      prompt.push({ role: 'assistant', content });
    },
    continueAssistant(content) {
      remember(content);
      const last = prompt.at(-1);
      if (last?.role === 'assistant') last.content.push(...content);
      else prompt.push({ role: 'assistant', content });
    },
    toolResult(toolCallId, output, path) {
      const toolName = toolNames.get(toolCallId);
      if (toolName === undefined) {
        throw new UntranslatableError(path, 'no tool call before it has this id');
      }
      const result = { type: 'tool-result', toolCallId, toolName, output } as const;
      const last = prompt.at(-1);
      if (last?.role === 'tool') last.content.push(result);
      else prompt.push({ role: 'tool', content: [result] });
    },
  };
}

// Claude and Bedrock refuse blank blocks of text, which OpenAI takes.
function withoutBlanks(content: UserPart[]): UserPart[] {
  const said = content.filter((part) => part.type !== 'text' || !isBlank(part.text));
  return said.length === 0 ? content : said;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** An earlier call of a function. */
export function toolCall(toolCallId: string, toolName: string, input: JsonObject): ToolCallPart {
  return { type: 'tool-call', toolCallId, toolName, input };
}

/** A tool's output: text where it is no more than that, so that each dialect can say it plainly. */
export function toolOutput(parts: readonly UserPart[]): ToolOutput {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return { type: 'text', value: first.text };
  return { type: 'content', value: [...parts] };
}
