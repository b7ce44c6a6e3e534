import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import {
  CALLS,
  IMAGE,
  IMAGE_ADDRESS,
  IMAGE_PATH,
  MOST_TOKENS,
  QUESTION,
  SCHEMA,
  STOP,
  SYSTEM,
  TOOL,
} from './asked.ts';
import type { Asked } from './tickets.ts';
import type { Wish } from './wish.ts';

type Body = ChatCompletionCreateParamsNonStreaming;

const TOOLS: NonNullable<Body['tools']> = [
  { type: 'function', function: { ...TOOL, parameters: SCHEMA } },
];

const CASE_MEMBERS: Readonly<Record<Asked, Partial<Body>>> = {
  bare: {},
  plain: { stop: [STOP] },
  'tool-call': { tools: TOOLS },
  'multi-turn': { tools: TOOLS },
  'json-schema': {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'forecast', strict: true, schema: SCHEMA },
    },
  },
};

export function chatCompletionsBody(model: string, ticket: string, asked: Asked): Body {
  return {
    model,
    max_completion_tokens: MOST_TOKENS,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: `${QUESTION} ${ticket}` },
      ...(asked === 'multi-turn' ? callsAndResults() : []),
    ],
    ...CASE_MEMBERS[asked],
  };
}

/** The question, with a part beside it that is no text. */
export function chatCompletionsAsking(ticket: string, part: unknown): object {
  const content = [{ type: 'text', text: `${QUESTION} ${ticket}` }, part];
  return { messages: [{ role: 'user', content }] };
}

function callsAndResults(): Body['messages'] {
  return [
    {
      role: 'assistant',
      tool_calls: CALLS.map(({ id, input }) => ({
        id,
        type: 'function' as const,
        function: { name: TOOL.name, arguments: JSON.stringify(input) },
      })),
    },
    ...CALLS.map(({ id, result }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: result,
    })),
  ];
}

/** What not every vendor can do; each is asked for alone. */
export const CHAT_COMPLETIONS_WISHES: readonly Wish<Body>[] = [
  { name: 'temperature', members: { temperature: 0.5 } },
  { name: 'top_p', members: { top_p: 0.9 } },
  { name: 'seed', members: { seed: 7 } },
  { name: 'presence_penalty', members: { presence_penalty: 0.5 } },
  { name: 'frequency_penalty', members: { frequency_penalty: 0.5 } },
  { name: 'stop', members: { stop: [STOP] } },
  { name: 'n', members: { n: 2 } },
  { name: 'logprobs', members: { logprobs: true, top_logprobs: 2 } },
  { name: 'logit_bias', members: { logit_bias: { '50256': -100 } } },
  { name: 'tool_choice', beside: { tools: TOOLS }, members: { tool_choice: 'required' } },
  {
    name: 'parallel_tool_calls',
    beside: { tools: TOOLS },
    members: { parallel_tool_calls: false },
  },
  { name: 'reasoning_effort', members: { reasoning_effort: 'low' } },
  { name: 'verbosity', members: { verbosity: 'low' } },
  { name: 'user', members: { user: 'user-1' } },
  { name: 'safety_identifier', members: { safety_identifier: 'user-hash' } },
  { name: 'metadata', members: { metadata: { team: 'blue' } } },
  { name: 'store', members: { store: true } },
  { name: 'service_tier', members: { service_tier: 'flex' } },
  { name: 'prompt_cache_key', members: { prompt_cache_key: 'weather' } },
  { name: 'web_search_options', members: { web_search_options: {} } },
  { name: 'prediction', members: { prediction: { type: 'content', content: 'Sunny.' } } },
  {
    name: 'modalities: audio',
    members: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } },
  },
  {
    name: 'an image as data',
    arrivesAs: [IMAGE],
    said: { type: 'image_url', image_url: { url: `data:image/png;base64,${IMAGE}` } },
  },
  {
    name: 'an image by its address',
    arrivesAs: [IMAGE, IMAGE_PATH],
    said: { type: 'image_url', image_url: { url: IMAGE_ADDRESS } },
  },
  {
    name: 'audio as input',
    said: { type: 'input_audio', input_audio: { data: IMAGE, format: 'wav' } },
  },
];
