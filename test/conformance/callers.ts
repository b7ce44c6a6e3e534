import Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock } from '@anthropic-ai/sdk/resources/messages';
import OpenAI from 'openai';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import type { Broker, JobView } from '../support/start-broker.ts';
import {
  CHAT_COMPLETIONS_WISHES,
  chatCompletionsAsking,
  chatCompletionsBody,
} from './chat-completions-bodies.ts';
import { submitsAsJob } from './job-fetch.ts';
import { MESSAGES_WISHES, messagesAsking, messagesBody } from './messages-bodies.ts';
import { RESPONSES_WISHES, responsesAsking, responsesBody } from './responses-bodies.ts';
import type { Asked, Case } from './tickets.ts';
import type { Wish } from './wish.ts';

/** What the vendor's own SDK reads of an answer. */
export interface ReadAnswer {
  text: string;
  calls: { name: string; input: unknown }[];
  /** In the dialect's own word. */
  finish: unknown;
  usage: { input: number | undefined; output: number | undefined };
}

export interface AnsweredJob {
  job: JobView;
  answer: ReadAnswer;
}

/** A caller dialect, spoken by the SDK of the vendor who made it. */
export interface Caller {
  dialect: 'chat-completions' | 'responses' | 'messages';
  /** How an answer ends that says something, and one that calls a tool. */
  finish: { stop: string; tools: string };
  /** @throws the SDK's error unless the job was completed */
  ask(broker: Broker, model: string, ticket: string, asked: Case): Promise<AnsweredJob>;
  endpoint: string;
  /** A body that asks one thing in the plainest words. */
  body(model: string, ticket: string, asked: Asked): object;
  /** Members that ask with something beside the question's text. */
  asking(ticket: string, part: unknown): object;
  wishes: readonly Wish[];
}

export const CALLERS: readonly Caller[] = [
  {
    dialect: 'chat-completions',
    endpoint: '/v1/chat/completions',
    finish: { stop: 'stop', tools: 'tool_calls' },
    body: chatCompletionsBody,
    asking: chatCompletionsAsking,
    wishes: CHAT_COMPLETIONS_WISHES,
    async ask(broker, model, ticket, asked) {
      const jobs = submitsAsJob(broker, this.endpoint);
      const body = chatCompletionsBody(model, ticket, asked);
      const answer = await openAi(jobs.fetch).chat.completions.create(body);
      const [choice] = answer.choices;
      return {
        job: jobs.last(),
        answer: {
          text: choice?.message.content ?? '',
          calls: (choice?.message.tool_calls ?? []).map((call) => {
            if (call.type !== 'function') throw new Error(`a tool call of type ${call.type}`);
            return { name: call.function.name, input: JSON.parse(call.function.arguments) };
          }),
          finish: choice?.finish_reason,
          usage: { input: answer.usage?.prompt_tokens, output: answer.usage?.completion_tokens },
        },
      };
    },
  },
  {
    dialect: 'responses',
    endpoint: '/v1/responses',
    finish: { stop: 'completed', tools: 'completed' },
    body: responsesBody,
    asking: responsesAsking,
    wishes: RESPONSES_WISHES,
    async ask(broker, model, ticket, asked) {
      const jobs = submitsAsJob(broker, this.endpoint);
      const answer = await openAi(jobs.fetch).responses.create(responsesBody(model, ticket, asked));
      return {
        job: jobs.last(),
        answer: {
          text: answer.output_text,
          calls: answer.output.flatMap(functionCall),
          finish: answer.status,
          usage: { input: answer.usage?.input_tokens, output: answer.usage?.output_tokens },
        },
      };
    },
  },
  {
    dialect: 'messages',
    endpoint: '/v1/messages',
    finish: { stop: 'end_turn', tools: 'tool_use' },
    body: messagesBody,
    asking: messagesAsking,
    wishes: MESSAGES_WISHES,
    async ask(broker, model, ticket, asked) {
      const jobs = submitsAsJob(broker, this.endpoint);
      const answer = await anthropic(jobs.fetch).messages.create(
        messagesBody(model, ticket, asked),
      );
      return {
        job: jobs.last(),
        answer: {
          text: answer.content
            .flatMap((block) => (block.type === 'text' ? block.text : []))
            .join(''),
          calls: answer.content.flatMap(toolUse),
          finish: answer.stop_reason,
          usage: { input: answer.usage.input_tokens, output: answer.usage.output_tokens },
        },
      };
    },
  },
];

export function openAi(fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({
    apiKey: 'unused',
    baseURL: 'http://unused.invalid/v1',
    fetch,
    maxRetries: 0,
  });
}

function anthropic(fetch: typeof globalThis.fetch): Anthropic {
  return new Anthropic({
    apiKey: 'unused',
    baseURL: 'http://unused.invalid',
    fetch,
    maxRetries: 0,
  });
}

function functionCall(item: ResponseOutputItem): ReadAnswer['calls'] {
  if (item.type !== 'function_call') return [];
  return [{ name: item.name, input: JSON.parse(item.arguments) }];
}

function toolUse(block: ContentBlock): ReadAnswer['calls'] {
  return block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [];
}
