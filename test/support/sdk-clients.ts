import Anthropic1 from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-sdk-0';
import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';

interface ClientOptions {
  baseURL: string;
  apiKey: string;
  maxRetries?: number;
}

/** What an SDK resolves with, and the answer that it read it from. */
type Answered<Value> = Promise<Value> & {
  withResponse(): Promise<{ data: Value; response: Response }>;
};

type Headers = { headers?: Record<string, string> };

interface ChatPrompt {
  model: string;
  messages: { role: 'user'; content: string }[];
}

interface ChatAnswer {
  model: string;
  choices: { message: { content: string | null } }[];
}

/** What both generations of OpenAI's SDK have in common, as far as tests use it. */
export interface OpenAiClient {
  chat: {
    completions: {
      create(body: ChatPrompt, options?: Headers): Answered<ChatAnswer>;
      stream(body: ChatPrompt): {
        finalChatCompletion(): Promise<ChatAnswer>;
      };
    };
  };
  responses: {
    create(
      body: { model: string; input: string; previous_response_id?: string },
      options?: Headers,
    ): Answered<{ id: string; output_text: string }>;
    stream(body: { model: string; input: string }): {
      finalResponse(): Promise<{ id: string; output_text: string }>;
    };
  };
  embeddings: {
    create(body: { model: string; input: string }): Promise<{ data: { embedding: number[] }[] }>;
  };
  models: {
    list(): AsyncIterable<{ id: string }> | Promise<AsyncIterable<{ id: string }>>;
    retrieve(model: string): Promise<{ id: string; owned_by: string }>;
  };
}

interface MessagePrompt extends ChatPrompt {
  max_tokens: number;
}

interface BetaPrompt extends MessagePrompt {
  betas: string[];
  context_management: { edits: { type: 'clear_tool_uses_20250919' }[] };
}

interface MessageAnswer {
  model: string;
  content: { type: string }[];
}

/** What both generations of Anthropic's SDK have in common, as far as tests use it. */
export interface AnthropicClient {
  messages: {
    create(body: MessagePrompt, options?: Headers): Answered<MessageAnswer>;
    stream(body: MessagePrompt): { finalText(): Promise<string> };
  };
  beta: { messages: { create(body: BetaPrompt): Promise<MessageAnswer> } };
  models: {
    list(query: {
      limit: number;
    }): AsyncIterable<{ id: string }> | Promise<AsyncIterable<{ id: string }>>;
    retrieve(model: string): Promise<{ id: string; display_name: string }>;
  };
}

/** Each generation with the version of the API that it speaks by itself. */
export const openAiSdks: readonly [string, (options: ClientOptions) => OpenAiClient][] = [
  ['openai 7', (options) => new OpenAI7(options)],
  ['openai 6', (options) => new OpenAI6(options)],
];

export const anthropicSdks: readonly [string, (options: ClientOptions) => AnthropicClient][] = [
  ['@anthropic-ai/sdk 1.x', (options) => new Anthropic1(options)],
  ['@anthropic-ai/sdk 0.x', (options) => new Anthropic0(options)],
];
