import type { Endpoint } from '@understudy/contracts';

/** A prompt and what belongs to it, in nobody's wire format. */
export interface Prompt {
  model: string;
  text: string;
  system?: string;
  maxTokens?: number;
  temperature?: number;
}

/** The Messages dialect demands a limit; this one is below that of every current model. */
const MESSAGES_MAX_TOKENS = 4096;

/** A prompt in the dialect of each endpoint. Unset members are left out. */
const REQUESTS: Readonly<Record<Endpoint, (prompt: Prompt) => Record<string, unknown>>> = {
  '/v1/chat/completions': ({ model, text, system, maxTokens, temperature }) => ({
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: text },
    ],
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  }),
  '/v1/responses': ({ model, text, system, maxTokens, temperature }) => ({
    model,
    input: text,
    ...(system === undefined ? {} : { instructions: system }),
    ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  }),
  '/v1/messages': ({ model, text, system, maxTokens, temperature }) => ({
    model,
    max_tokens: maxTokens ?? MESSAGES_MAX_TOKENS,
    ...(system === undefined ? {} : { system }),
    messages: [{ role: 'user', content: text }],
    ...(temperature === undefined ? {} : { temperature }),
  }),
  '/v1/embeddings': ({ model, text }) => ({ model, input: text }),
};

/** Makes the request's body in the dialect of the endpoint. */
export function promptRequest(endpoint: Endpoint, prompt: Prompt): Record<string, unknown> {
  return REQUESTS[endpoint](prompt);
}
