import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
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

type Body = MessageCreateParamsNonStreaming;
/** The SDK's types no longer name what newer models refuse and older ones take. */
type Sampling = { temperature?: number; top_p?: number; top_k?: number };

const INPUT_SCHEMA = { ...SCHEMA, type: 'object' as const };
const TOOLS: NonNullable<Body['tools']> = [{ ...TOOL, input_schema: INPUT_SCHEMA }];

const CASE_MEMBERS: Readonly<Record<Asked, Partial<Body>>> = {
  bare: {},
  plain: { stop_sequences: [STOP] },
  'tool-call': { tools: TOOLS },
  'multi-turn': { tools: TOOLS },
  'json-schema': { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
};

export function messagesBody(model: string, ticket: string, asked: Asked): Body {
  return {
    model,
    system: SYSTEM,
    max_tokens: MOST_TOKENS,
    messages: [
      { role: 'user', content: `${QUESTION} ${ticket}` },
      ...(asked === 'multi-turn' ? callsAndResults() : []),
    ],
    ...CASE_MEMBERS[asked],
  };
}

/** The question, with a part beside it that is no text. */
export function messagesAsking(ticket: string, part: unknown): object {
  const content = [{ type: 'text', text: `${QUESTION} ${ticket}` }, part];
  return { messages: [{ role: 'user', content }] };
}

function callsAndResults(): Body['messages'] {
  return [
    {
      role: 'assistant',
      content: CALLS.map(({ id, input }) => ({
        type: 'tool_use' as const,
        id,
        name: TOOL.name,
        input,
      })),
    },
    {
      role: 'user',
      content: CALLS.map(({ id, result }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: result,
      })),
    },
  ];
}

/** What not every vendor can do; each is asked for alone. */
export const MESSAGES_WISHES: readonly Wish<Body & Sampling>[] = [
  { name: 'temperature', members: { temperature: 0.5 } },
  { name: 'top_p', members: { top_p: 0.9 } },
  { name: 'top_k', members: { top_k: 40 } },
  { name: 'stop_sequences', members: { stop_sequences: [STOP] } },
  { name: 'tool_choice', beside: { tools: TOOLS }, members: { tool_choice: { type: 'any' } } },
  {
    name: 'tool_choice.disable_parallel_tool_use',
    beside: { tools: TOOLS },
    members: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
  },
  { name: 'thinking', members: { thinking: { type: 'enabled', budget_tokens: 1024 } } },
  { name: 'metadata.user_id', members: { metadata: { user_id: 'user-1' } } },
  { name: 'service_tier', members: { service_tier: 'standard_only' }, holdsAnyway: true },
  {
    name: 'cache_control',
    beside: { system: [{ type: 'text', text: SYSTEM }] },
    members: { system: [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }] },
  },
  {
    name: 'tools: web_search',
    members: { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  },
  {
    name: 'an image as data',
    arrivesAs: [IMAGE],
    said: { type: 'image', source: { type: 'base64', media_type: 'image/png', data: IMAGE } },
  },
  {
    name: 'an image by its address',
    arrivesAs: [IMAGE, IMAGE_PATH],
    said: { type: 'image', source: { type: 'url', url: IMAGE_ADDRESS } },
  },
  {
    name: 'a document',
    said: {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'Rain is water.' },
    },
  },
];
