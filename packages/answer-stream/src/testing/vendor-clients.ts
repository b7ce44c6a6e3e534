import Anthropic1 from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-sdk-0';
import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';

const OPTIONS = { apiKey: 'none', maxRetries: 0 };

interface Prompt {
  model: string;
  messages: { role: 'user'; content: string }[];
}

/** What both generations of the SDK put together. */
interface OpenAiStreams {
  chat: { completions: { stream(body: Prompt): { finalChatCompletion(): Promise<unknown> } } };
  responses: {
    stream(body: { model: string; input: string }): { finalResponse(): Promise<unknown> };
  };
}

interface AnthropicStreams {
  messages: {
    stream(body: Prompt & { max_tokens: number }): { finalMessage(): Promise<unknown> };
  };
}

export const openAiClients: [string, (baseURL: string) => OpenAiStreams][] = [
  ['openai 7', (baseURL) => new OpenAI7({ baseURL, ...OPTIONS })],
  ['openai 6', (baseURL) => new OpenAI6({ baseURL, ...OPTIONS })],
];

export const anthropicClients: [string, (baseURL: string) => AnthropicStreams][] = [
  ['@anthropic-ai/sdk 1.x', (baseURL) => new Anthropic1({ baseURL, ...OPTIONS })],
  ['@anthropic-ai/sdk 0.x', (baseURL) => new Anthropic0({ baseURL, ...OPTIONS })],
];
