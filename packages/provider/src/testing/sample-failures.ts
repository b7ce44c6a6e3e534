import type { Dialect } from '@understudy/contracts';
import type { Judgement } from '@understudy/verdicts';

/** A provider's error answer of one family, and what it means at every provider. */
export interface SampleFailure {
  title: string;
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
  verdict: Judgement['verdict'];
  retryAfterMs?: number;
  /** Only a target with a larger window may still answer. */
  windowExceeded?: true;
}

interface Family extends Omit<SampleFailure, 'body'> {
  message: string;
  openAi: { type: string; code: string | null };
  anthropic: string;
  google: string;
  amazon: string;
}

const FAMILIES: readonly Family[] = [
  {
    title: 'a key that is not known',
    status: 401,
    message: 'The credentials are not valid.',
    verdict: 'next',
    openAi: { type: 'invalid_request_error', code: 'invalid_api_key' },
    anthropic: 'authentication_error',
    google: 'UNAUTHENTICATED',
    amazon: 'UnrecognizedClientException',
  },
  {
    title: 'a model that is not known',
    status: 404,
    message: 'The model `unknown-name` does not exist or you do not have access to it.',
    verdict: 'next_for_good',
    openAi: { type: 'invalid_request_error', code: 'model_not_found' },
    anthropic: 'not_found_error',
    google: 'NOT_FOUND',
    amazon: 'ResourceNotFoundException',
  },
  {
    title: 'too many requests',
    status: 429,
    headers: { 'retry-after': '7' },
    message: 'Rate limit reached for requests.',
    verdict: 'next',
    retryAfterMs: 7000,
    openAi: { type: 'requests', code: 'rate_limit_exceeded' },
    anthropic: 'rate_limit_error',
    google: 'RESOURCE_EXHAUSTED',
    amazon: 'ThrottlingException',
  },
  {
    title: 'a provider that is overloaded',
    status: 503,
    message: 'The model is overloaded. Please try again later.',
    verdict: 'next',
    openAi: { type: 'server_error', code: 'server_is_overloaded' },
    anthropic: 'overloaded_error',
    google: 'UNAVAILABLE',
    amazon: 'ServiceUnavailableException',
  },
  {
    title: 'an error of its own',
    status: 500,
    message: 'The server had an error while processing your request.',
    verdict: 'next',
    openAi: { type: 'server_error', code: null },
    anthropic: 'api_error',
    google: 'INTERNAL',
    amazon: 'InternalServerException',
  },
  {
    title: 'a request that nobody takes',
    status: 400,
    message: 'There must be at least one message.',
    verdict: 'terminal',
    openAi: { type: 'invalid_request_error', code: null },
    anthropic: 'invalid_request_error',
    google: 'INVALID_ARGUMENT',
    amazon: 'ValidationException',
  },
  {
    title: 'a prompt too long for its window',
    status: 400,
    message: 'The prompt is too long: 210000 tokens > 200000 maximum.',
    verdict: 'next_for_good',
    windowExceeded: true,
    openAi: { type: 'invalid_request_error', code: 'context_length_exceeded' },
    anthropic: 'invalid_request_error',
    google: 'INVALID_ARGUMENT',
    amazon: 'ValidationException',
  },
];

type Shape = (family: Family) => Pick<SampleFailure, 'body' | 'headers'>;

const openAiShape: Shape = ({ message, openAi }) => ({
  body: JSON.stringify({ error: { message, ...openAi, param: null } }),
});

const anthropicShape: Shape = ({ message, anthropic }) => ({
  body: JSON.stringify({
    type: 'error',
    error: { type: anthropic, message },
    request_id: 'req_1',
  }),
});

const googleShape: Shape = ({ message, status, google }) => ({
  body: JSON.stringify({ error: { code: status, message, status: google } }),
});

const amazonShape: Shape = ({ message, amazon }) => ({
  body: JSON.stringify({ message }),
  headers: { 'x-amzn-errortype': `${amazon}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
});

const SHAPES: Readonly<Record<Dialect, Shape>> = {
  'chat-completions': openAiShape,
  responses: openAiShape,
  embeddings: openAiShape,
  messages: anthropicShape,
  'generate-content': googleShape,
  'embed-content': googleShape,
  'predict-embedding': googleShape,
  converse: amazonShape,
  'invoke-embedding': amazonShape,
};

/** Every family of errors as the vendor who made a dialect writes it. */
export function sampleFailures(dialect: Dialect): SampleFailure[] {
  return FAMILIES.map((family) => {
    const { title, status, verdict, retryAfterMs, windowExceeded } = family;
    const { body, headers } = SHAPES[dialect](family);
    return {
      title,
      status,
      body,
      verdict,
      headers: { ...family.headers, ...headers },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(windowExceeded === undefined ? {} : { windowExceeded }),
    };
  });
}
