import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { Loss } from '../loss.ts';

interface ArrangedPrompt {
  prompt: LanguageModelV4Prompt;
  losses: Loss[];
}

type ToolMessage = Extract<LanguageModelV4Message, { role: 'tool' }>;
type ContentOutput = Extract<LanguageModelV4ToolResultPart['output'], { type: 'content' }>;

/** System turns moved to the front, for dialects that keep them apart from the conversation. */
export function systemFirst(prompt: LanguageModelV4Prompt): ArrangedPrompt {
  const conversation = prompt.findIndex((message) => !isSystem(message));
  if (conversation === -1 || !prompt.slice(conversation).some(isSystem)) {
    return { prompt, losses: [] };
  }
  const message = 'a system turn inside the conversation is carried at its front';
  return {
    prompt: [...prompt.filter(isSystem), ...prompt.filter((turn) => !isSystem(turn))],
    losses: [{ field: 'prompt', message }],
  };
}

function isSystem(message: LanguageModelV4Message): boolean {
  return message.role === 'system';
}

/**
 * The results of one turn's calls in one turn, in the order of the calls: Gemini matches them by
 * count and order, and refuses a turn that answers only a part of them.
 */
export function resultsTogether(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const arranged: LanguageModelV4Message[] = [];
  for (const message of prompt) {
    const last = arranged.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') {
      const calls = callIds(arranged.at(-2));
      arranged[arranged.length - 1] = inOrderOf(calls, {
        ...last,
        content: [...last.content, ...message.content],
      });
    } else {
      arranged.push(message.role === 'tool' ? inOrderOf(callIds(last), message) : message);
    }
  }
  return arranged;
}

function callIds(message: LanguageModelV4Message | undefined): string[] {
  if (message?.role !== 'assistant') return [];
  return message.content.flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []));
}

function inOrderOf(calls: readonly string[], message: ToolMessage): ToolMessage {
  const place = (part: ToolMessage['content'][number]): number => {
    const index = part.type === 'tool-result' ? calls.indexOf(part.toolCallId) : -1;
    return index === -1 ? calls.length : index;
  };
  return { ...message, content: message.content.toSorted((a, b) => place(a) - place(b)) };
}

/**
 * Tool results as plain text, for dialects whose results hold nothing else. Files in them follow in
 * a user turn of their own, after all results of that turn.
 */
export function resultsAsText(prompt: LanguageModelV4Prompt): ArrangedPrompt {
  let isMoved = false;
  const arranged = prompt.flatMap((message): LanguageModelV4Message[] => {
    if (message.role !== 'tool') return [message];
    const files: LanguageModelV4FilePart[] = [];
    const content = message.content.map((part) => {
      if (part.type !== 'tool-result' || part.output.type !== 'content') return part;
      files.push(...filesIn(part.output));
      return { ...part, output: { type: 'text' as const, value: textIn(part.output) } };
    });
    if (files.length === 0) return [{ ...message, content }];
    isMoved = true;
    return [
      { ...message, content },
      { role: 'user', content: files },
    ];
  });
  const message = 'a file in a tool result is carried in a user turn after it';
  return { prompt: arranged, losses: isMoved ? [{ field: 'prompt', message }] : [] };
}

function filesIn(output: ContentOutput): LanguageModelV4FilePart[] {
  return output.value.filter((part) => part.type === 'file');
}

function textIn(output: ContentOutput): string {
  const texts = output.value.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === 0 && output.value.length > 0
    ? 'The result is in the next turn.'
    : texts.join('\n');
}
