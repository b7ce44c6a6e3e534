import type { CallerDialect } from '@understudy/contracts';
import { defined } from '../callers/json-reading.ts';
import type { JsonObject } from '../translator.ts';
import { type Exchange, type Scenario, SCHEMA } from './scenario.ts';

/** What a scenario looks like as the body of a caller; members its dialect has not are left out. */
export const CALLER_BODIES: Readonly<
  Record<Exclude<CallerDialect, 'embeddings'>, (scenario: Scenario) => JsonObject>
> = {
  'chat-completions': (scenario) =>
    defined({
      model: 'any',
      messages: [
        ...scenario.system.map((content) => ({ role: 'system', content })),
        ...scenario.exchanges.flatMap((exchange, index) => chatTurns(exchange, index, scenario)),
        { role: 'user', content: scenario.question },
      ],
      tools: scenario.tools.length === 0 ? undefined : scenario.tools.map(chatTool),
      tool_choice: toolChoice(scenario, (name) => ({ type: 'function', function: { name } })),
      response_format: scenario.schema && {
        type: 'json_schema',
        json_schema: { name: 'answer', strict: scenario.schema.strict, schema: SCHEMA },
      },
      max_completion_tokens: scenario.maxOutputTokens,
      stop: scenario.stop,
      reasoning_effort: scenario.effort,
      seed: scenario.seed,
      presence_penalty: scenario.presencePenalty,
      verbosity: scenario.verbosity,
      logit_bias: scenario.logitBias,
      logprobs: scenario.topLogprobs === undefined ? undefined : true,
      ...openAiMembers(scenario),
    }),

  responses: (scenario) =>
    defined({
      model: 'any',
      input: [
        ...scenario.system.map((content) => ({ role: 'system', content })),
        ...scenario.exchanges.flatMap((exchange, index) =>
          responseItems(exchange, index, scenario),
        ),
        { role: 'user', content: scenario.question },
      ],
      tools: scenario.tools.length === 0 ? undefined : scenario.tools.map(responsesTool),
      tool_choice: toolChoice(scenario, (name) => ({ type: 'function', name })),
      text: defined({
        format: scenario.schema && {
          type: 'json_schema',
          name: 'answer',
          strict: scenario.schema.strict,
          schema: SCHEMA,
        },
        verbosity: scenario.verbosity,
      }),
      max_output_tokens: scenario.maxOutputTokens,
      reasoning: scenario.effort && { effort: scenario.effort },
      ...openAiMembers(scenario),
    }),

  messages: (scenario) =>
    defined({
      model: 'any',
      system: scenario.system.map((text) => ({ type: 'text', text })),
      messages: [
        ...scenario.exchanges.flatMap((exchange, index) => messageTurns(exchange, index, scenario)),
        { role: 'user', content: scenario.question },
      ],
      tools:
        scenario.tools.length === 0
          ? undefined
          : scenario.tools.map((tool) => defined({ ...tool, input_schema: SCHEMA })),
      tool_choice: messagesToolChoice(scenario),
      output_config: defined({
        format: scenario.schema && { type: 'json_schema', schema: SCHEMA },
        effort: scenario.effort === 'none' ? undefined : scenario.effort,
      }),
      max_tokens: scenario.maxOutputTokens ?? 2048,
      stop_sequences: scenario.stop,
      temperature: scenario.temperature,
      top_p: scenario.topP,
      top_k: scenario.topK,
      metadata: scenario.user === undefined ? undefined : { user_id: scenario.user },
    }),
};

function openAiMembers(scenario: Scenario): JsonObject {
  return defined({
    temperature: scenario.temperature,
    top_p: scenario.topP,
    parallel_tool_calls:
      scenario.oneCallAtATime === undefined ? undefined : !scenario.oneCallAtATime,
    user: scenario.user,
    metadata: scenario.metadata,
    top_logprobs: scenario.topLogprobs,
    service_tier: scenario.serviceTier,
    store: scenario.store,
    prompt_cache_key: scenario.promptCacheKey,
    safety_identifier: scenario.safetyIdentifier,
  });
}

function toolChoice(
  { toolChoice: choice, tools }: Scenario,
  byName: (name: string | undefined) => JsonObject,
): unknown {
  return choice === 'first-tool' ? byName(tools[0]?.name) : choice;
}

function messagesToolChoice(scenario: Scenario): JsonObject | undefined {
  const choice = scenario.toolChoice ?? (scenario.oneCallAtATime === true ? 'auto' : undefined);
  if (choice === undefined) return undefined;
  if (choice === 'none') return { type: 'none' };
  const type = { auto: 'auto', required: 'any', 'first-tool': 'tool' }[choice];
  return defined({
    type,
    name: choice === 'first-tool' ? scenario.tools[0]?.name : undefined,
    disable_parallel_tool_use: scenario.oneCallAtATime,
  });
}

function chatTool({ name, description, strict }: Scenario['tools'][number]): JsonObject {
  return {
    type: 'function',
    function: defined({ name, description, strict, parameters: SCHEMA }),
  };
}

function responsesTool({ name, description, strict }: Scenario['tools'][number]): JsonObject {
  return defined({
    type: 'function',
    name,
    description,
    strict: strict ?? false,
    parameters: SCHEMA,
  });
}

/** The id of a call: unlike in every exchange. */
function callId(exchange: number, call: number): string {
  return `call_${exchange}_${call}`;
}

function chatTurns(exchange: Exchange, index: number, { tools }: Scenario): JsonObject[] {
  const image = imageUrl(exchange);
  const question = { type: 'text', text: exchange.question };
  const calls = exchange.calls.map((call, number) => ({
    id: callId(index, number),
    type: 'function',
    function: { name: tools[number]?.name, arguments: JSON.stringify(call.input) },
  }));
  return [
    {
      role: 'user',
      content:
        image === undefined
          ? exchange.question
          : [question, { type: 'image_url', image_url: { url: image } }],
    },
    defined({
      role: 'assistant',
      content: exchange.answer,
      tool_calls: calls.length === 0 ? undefined : calls,
    }),
    ...exchange.calls.map((call, number) => ({
      role: 'tool',
      tool_call_id: callId(index, number),
      content: call.result,
    })),
  ];
}

function responseItems(exchange: Exchange, index: number, { tools }: Scenario): JsonObject[] {
  const image = imageUrl(exchange);
  return [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: exchange.question },
        ...(image === undefined ? [] : [{ type: 'input_image', image_url: image }]),
      ],
    },
    ...(exchange.answer === undefined ? [] : [{ role: 'assistant', content: exchange.answer }]),
    ...exchange.calls.map((call, number) => ({
      type: 'function_call',
      call_id: callId(index, number),
      name: tools[number]?.name,
      arguments: JSON.stringify(call.input),
    })),
    ...exchange.calls.map((call, number) => ({
      type: 'function_call_output',
      call_id: callId(index, number),
      output: call.result,
    })),
  ];
}

function messageTurns(exchange: Exchange, index: number, { tools }: Scenario): JsonObject[] {
  const results = exchange.calls.map((call, number) => ({
    type: 'tool_result',
    tool_use_id: callId(index, number),
    content: call.result,
  }));
  return [
    {
      role: 'user',
      content: [{ type: 'text', text: exchange.question }, ...imageBlocks(exchange)],
    },
    {
      role: 'assistant',
      content: [
        ...(exchange.answer === undefined ? [] : [{ type: 'text', text: exchange.answer }]),
        ...exchange.calls.map((call, number) => ({
          type: 'tool_use',
          id: callId(index, number),
          name: tools[number]?.name,
          input: call.input,
        })),
      ],
    },
    ...(results.length === 0 ? [] : [{ role: 'user', content: results }]),
  ];
}

function imageUrl({ image }: Exchange): string | undefined {
  if (image === undefined || 'url' in image) return image?.url;
  return `data:${image.mediaType};base64,${image.base64}`;
}

function imageBlocks({ image }: Exchange): JsonObject[] {
  if (image === undefined) return [];
  const source =
    'url' in image
      ? { type: 'url', url: image.url }
      : { type: 'base64', media_type: image.mediaType, data: image.base64 };
  return [{ type: 'image', source }];
}
