import type {
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import {
  CALLS,
  IMAGE,
  IMAGE_ADDRESS,
  IMAGE_PATH,
  MOST_TOKENS,
  QUESTION,
  SCHEMA,
  SYSTEM,
  TOOL,
} from './asked.ts';
import type { Asked } from './tickets.ts';
import type { Wish } from './wish.ts';

type Body = ResponseCreateParamsNonStreaming;

const TOOLS: NonNullable<Body['tools']> = [
  { type: 'function', ...TOOL, strict: true, parameters: SCHEMA },
];

const CASE_MEMBERS: Readonly<Record<Asked, Partial<Body>>> = {
  bare: {},
  plain: {},
  'tool-call': { tools: TOOLS },
  'multi-turn': { tools: TOOLS },
  'json-schema': {
    text: { format: { type: 'json_schema', name: 'forecast', strict: true, schema: SCHEMA } },
  },
};

export function responsesBody(model: string, ticket: string, asked: Asked): Body {
  return {
    model,
    instructions: SYSTEM,
    max_output_tokens: MOST_TOKENS,
    input: [
      { role: 'user', content: `${QUESTION} ${ticket}` },
      ...(asked === 'multi-turn' ? callsAndResults() : []),
    ],
    ...CASE_MEMBERS[asked],
  };
}

function callsAndResults(): ResponseInputItem[] {
  return [
    ...CALLS.map(({ id, input }) => ({
      type: 'function_call' as const,
      call_id: id,
      name: TOOL.name,
      arguments: JSON.stringify(input),
    })),
    ...CALLS.map(({ id, result }) => ({
      type: 'function_call_output' as const,
      call_id: id,
      output: result,
    })),
  ];
}

/** The question, with a part beside it that is no text. */
export function responsesAsking(ticket: string, part: unknown): object {
  const content = [{ type: 'input_text', text: `${QUESTION} ${ticket}` }, part];
  return { input: [{ role: 'user', content }] };
}

/** What not every vendor can do; each is asked for alone. */
export const RESPONSES_WISHES: readonly Wish<Body>[] = [
  { name: 'temperature', members: { temperature: 0.5 } },
  { name: 'top_p', members: { top_p: 0.9 } },
  {
    name: 'top_logprobs',
    members: { top_logprobs: 2, include: ['message.output_text.logprobs'] },
  },
  { name: 'truncation', members: { truncation: 'auto' } },
  { name: 'tool_choice', beside: { tools: TOOLS }, members: { tool_choice: 'required' } },
  {
    name: 'parallel_tool_calls',
    beside: { tools: TOOLS },
    members: { parallel_tool_calls: false },
  },
  { name: 'max_tool_calls', beside: { tools: TOOLS }, members: { max_tool_calls: 3 } },
  { name: 'reasoning.effort', members: { reasoning: { effort: 'low' } } },
  { name: 'reasoning.summary', members: { reasoning: { summary: 'auto' } } },
  { name: 'text.verbosity', members: { text: { verbosity: 'low' } } },
  { name: 'user', members: { user: 'user-1' } },
  { name: 'safety_identifier', members: { safety_identifier: 'user-hash' } },
  { name: 'metadata', members: { metadata: { team: 'blue' } } },
  { name: 'store', members: { store: true } },
  { name: 'service_tier', members: { service_tier: 'flex' } },
  { name: 'prompt_cache_key', members: { prompt_cache_key: 'weather' } },
  { name: 'tools: web_search', members: { tools: [{ type: 'web_search' }] } },
  {
    name: 'an image as data',
    arrivesAs: [IMAGE],
    said: {
      type: 'input_image',
      detail: 'auto',
      image_url: `data:image/png;base64,${IMAGE}`,
    },
  },
  {
    name: 'an image by its address',
    arrivesAs: [IMAGE, IMAGE_PATH],
    said: { type: 'input_image', detail: 'auto', image_url: IMAGE_ADDRESS },
  },
];
