import Anthropic1 from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-sdk-0';
import Groq from 'groq-sdk';
import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';

interface ClientOptions {
  baseURL: string;
  apiKey: string;
}

interface BatchView {
  id: string;
  status: string;
  output_file_id?: string | null;
  error_file_id?: string | null;
  request_counts?: { total: number; completed: number; failed: number } | null;
  errors?: { data?: { code?: string; line?: number | null }[] | null } | null;
}

/** What the SDKs of OpenAI and Groq have in common, as far as tests use it. */
export interface FileBatchClient {
  files: {
    create(body: { file: File; purpose: 'batch' }): PromiseLike<{ id?: string }>;
    content(id: string): PromiseLike<Response>;
    delete(id: string): PromiseLike<{ deleted: boolean }>;
  };
  batches: {
    create(body: {
      input_file_id: string;
      endpoint: '/v1/chat/completions';
      completion_window: '24h';
    }): Promise<BatchView>;
    retrieve(id: string): Promise<BatchView>;
    cancel(id: string): Promise<BatchView>;
    list(): PromiseLike<{ data: BatchView[] }>;
  };
}

/** Each with the base URL that its users know, below the broker's. */
export const fileBatchSdks: readonly [string, (url: string, apiKey: string) => FileBatchClient][] =
  [
    ['openai 7', (url, apiKey) => new OpenAI7(options(`${url}/v1`, apiKey))],
    ['openai 6', (url, apiKey) => new OpenAI6(options(`${url}/v1`, apiKey))],
    ['groq-sdk', (url, apiKey) => new Groq(options(url, apiKey))],
  ];

interface MessageBatchView {
  id: string;
  processing_status: string;
  request_counts: Record<'processing' | 'succeeded' | 'errored' | 'canceled' | 'expired', number>;
}

/** What both generations of Anthropic's SDK have in common, as far as tests use it. */
export interface MessageBatchClient {
  messages: {
    batches: {
      create(body: {
        requests: {
          custom_id: string;
          params: {
            model: string;
            max_tokens: number;
            messages: { role: 'user'; content: string }[];
          };
        }[];
      }): Promise<MessageBatchView>;
      retrieve(id: string): Promise<MessageBatchView>;
      cancel(id: string): Promise<MessageBatchView>;
      delete(id: string): Promise<{ id: string }>;
      results(
        id: string,
      ): Promise<AsyncIterable<{ custom_id: string; result: { type: string; message?: unknown } }>>;
      list(): PromiseLike<{ data: MessageBatchView[] }>;
    };
  };
}

export const messageBatchSdks: readonly [
  string,
  (url: string, apiKey: string) => MessageBatchClient,
][] = [
  ['@anthropic-ai/sdk 1.x', (url, apiKey) => new Anthropic1(options(`${url}/anthropic`, apiKey))],
  ['@anthropic-ai/sdk 0.x', (url, apiKey) => new Anthropic0(options(`${url}/anthropic`, apiKey))],
];

function options(baseURL: string, apiKey: string): ClientOptions {
  return { baseURL, apiKey };
}
