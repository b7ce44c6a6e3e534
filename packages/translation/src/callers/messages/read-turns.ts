import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import type { KnownMembers } from '../known-members.ts';
import { type Content, contentAt, type ContentBlock, unsupportedBlock } from './content-block.ts';
import { readAssistantTurn } from './read-assistant-turn.ts';
import { readMediaBlock } from './read-media-block.ts';
import { readSystem } from './read-system.ts';
import { readToolResult } from './read-tool-result.ts';

/** The turns of `messages`, in their order. */
export function readTurns(request: ObjectReader, members: KnownMembers): LanguageModelV4Prompt {
  const toolNames = new Map<string, string>();
  const turns = request.required('messages', request.objects('messages'));
  if (turns.length === 0) throw request.error('messages', 'it is empty');

  const prompt = turns.flatMap((turn, index): LanguageModelV4Message[] => {
    const content = turn.required('content', contentAt(turn, 'content', members));
    switch (turn.required('role', turn.text('role'))) {
      case 'user':
        return readUserTurn(content, members, toolNames);
      case 'assistant':
        return readAssistantTurn(content, members, {
          toolNames,
          isLast: index === turns.length - 1,
        });
      case 'system':
        return readSystem(content);
      default:
        throw turn.error('role', 'it is not user, assistant or system');
    }
  });
  if (turns.at(-1)?.value('role') === 'assistant') {
    members.lose(
      request.pathOf('messages'),
      'ends with the beginning of the answer, which other models may not continue',
    );
  }
  return prompt;
}

/** One message for each run of tool results, and of what the user says, so that the order stays. */
function readUserTurn(
  content: Content,
  members: KnownMembers,
  toolNames: ReadonlyMap<string, string>,
): LanguageModelV4Message[] {
  if (typeof content === 'string') {
    return [{ role: 'user', content: [{ type: 'text', text: content }] }];
  }
  return content.reduce<LanguageModelV4Message[]>((messages, block) => {
    const last = messages.at(-1);
    const message = readUserBlock(block, members, toolNames);
    if (last?.role === 'tool' && message.role === 'tool') last.content.push(...message.content);
    else if (last?.role === 'user' && message.role === 'user') {
      last.content.push(...message.content);
    } else messages.push(message);
    return messages;
  }, []);
}

function readUserBlock(
  block: ContentBlock,
  members: KnownMembers,
  toolNames: ReadonlyMap<string, string>,
): LanguageModelV4Message {
  if (block.type === 'tool_result') {
    return { role: 'tool', content: [readToolResult(block, members, toolNames)] };
  }
  const parts = readMediaBlock(block, members);
  if (parts === undefined) throw unsupportedBlock(block);
  return { role: 'user', content: parts };
}
