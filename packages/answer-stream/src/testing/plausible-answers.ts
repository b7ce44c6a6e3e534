import * as fc from 'fast-check';

/** Words, line breaks and emoji that are made of several code points. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('', '{"a":1}', 'data: [DONE]\n\n', '👩‍👩‍👧‍👦'.repeat(40), '🇩🇪'.repeat(60)),
);

const anyId = fc.stringMatching(/^[a-z0-9]{8}$/);
const anyCount = fc.nat({ max: 100_000 });
const argumentsText = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue())
  .map((value) => JSON.stringify(value));

const anyLogprob = fc.record({
  token: fc.string({ minLength: 1, maxLength: 6 }),
  logprob: fc.constantFrom(-0.5, -1, 0),
  bytes: fc.array(fc.nat({ max: 255 }), { maxLength: 4 }),
  top_logprobs: fc.constant([]),
});

const anyToolCall = fc.record({
  id: anyId.map((id) => `call_${id}`),
  type: fc.constant('function'),
  function: fc.record({ name: fc.stringMatching(/^[a-z_]{1,12}$/), arguments: argumentsText }),
});

const anyChatMessage = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.option(anyText),
    refusal: fc.option(anyText),
    tool_calls: fc.array(anyToolCall, { minLength: 1, maxLength: 3 }),
    reasoning_content: anyText,
    annotations: fc.constant([
      { type: 'url_citation', url_citation: { url: 'https://a.example' } },
    ]),
  },
  { requiredKeys: ['role', 'content', 'refusal'] },
);

export const chatCompletions = fc.record({
  id: anyId.map((id) => `chatcmpl-${id}`),
  object: fc.constant('chat.completion'),
  created: anyCount,
  model: fc.constant('gpt-4o-2024-08-06'),
  system_fingerprint: fc.constant('fp_1'),
  citations: fc.constant(['https://a.example']),
  choices: fc
    .array(
      fc.record({
        message: anyChatMessage,
        logprobs: fc.option(
          fc.record({
            content: fc.array(anyLogprob, { maxLength: 5 }),
            refusal: fc.constant(null),
          }),
        ),
        finish_reason: fc.constantFrom('stop', 'tool_calls', 'length'),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((choices) => choices.map((choice, index) => ({ index, ...choice }))),
  usage: fc.record({
    prompt_tokens: anyCount,
    completion_tokens: anyCount,
    total_tokens: anyCount,
    completion_tokens_details: fc.record({ reasoning_tokens: anyCount }),
  }),
});

const anyPart = fc.oneof(
  fc.record({
    type: fc.constant('output_text'),
    text: anyText,
    annotations: fc.constantFrom(
      [],
      [
        {
          type: 'url_citation',
          url: 'https://a.example',
          title: 'A',
          start_index: 0,
          end_index: 1,
        },
      ],
    ),
    logprobs: fc.array(anyLogprob, { maxLength: 4 }),
  }),
  fc.record({ type: fc.constant('refusal'), refusal: anyText }),
);

const anyItem = fc.oneof(
  fc.record({
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    status: fc.constantFrom('completed', 'incomplete'),
    content: fc.array(anyPart, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    summary: fc.array(fc.record({ type: fc.constant('summary_text'), text: anyText }), {
      maxLength: 2,
    }),
    content: fc.array(fc.record({ type: fc.constant('reasoning_text'), text: anyText }), {
      maxLength: 2,
    }),
    encrypted_content: fc.option(fc.constant('gAAAA')),
  }),
  fc.record({
    type: fc.constant('function_call'),
    status: fc.constant('completed'),
    call_id: anyId.map((id) => `call_${id}`),
    name: fc.constant('look_up'),
    arguments: argumentsText,
  }),
  fc.record({
    type: fc.constant('custom_tool_call'),
    call_id: anyId.map((id) => `call_${id}`),
    name: fc.constant('run'),
    input: anyText,
  }),
  fc.record({
    type: fc.constant('mcp_call'),
    server_label: fc.constant('files'),
    name: fc.constant('list'),
    arguments: argumentsText,
    output: fc.option(anyText),
    error: fc.constantFrom(null, 'it is away'),
  }),
  fc.record({
    type: fc.constant('web_search_call'),
    status: fc.constant('completed'),
    action: fc.record({ type: fc.constant('search'), query: anyText }),
  }),
  fc.record({ type: fc.constant('an_item_of_tomorrow'), payload: fc.jsonValue() }),
);

export const responses = fc
  .record({
    id: anyId.map((id) => `resp_${id}`),
    object: fc.constant('response'),
    created_at: anyCount,
    status: fc.constantFrom('completed', 'incomplete'),
    error: fc.constant(null),
    instructions: fc.constant(null),
    metadata: fc.constant({}),
    model: fc.constant('gpt-4o-2024-08-06'),
    output: fc
      .uniqueArray(anyItem, {
        maxLength: 5,
        selector: (item) => ('call_id' in item ? item.call_id : item),
      })
      .map((items) => items.map((item, index) => ({ id: `item_${index}`, ...item }))),
    parallel_tool_calls: fc.constant(true),
    temperature: fc.constant(1),
    tool_choice: fc.constant('auto'),
    tools: fc.constant([]),
    top_p: fc.constant(1),
    usage: fc.record({
      input_tokens: anyCount,
      output_tokens: anyCount,
      total_tokens: anyCount,
      input_tokens_details: fc.record({ cached_tokens: anyCount }),
      output_tokens_details: fc.record({ reasoning_tokens: anyCount }),
    }),
  })
  .map((response) => ({
    ...response,
    incomplete_details: response.status === 'completed' ? null : { reason: 'max_output_tokens' },
  }));

const toolInput = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue());

const anyBlock = fc.oneof(
  fc.record({
    type: fc.constant('text'),
    text: anyText,
    citations: fc.constantFrom(null, [
      { type: 'char_location', cited_text: 'x', document_index: 0, document_title: null },
    ]),
  }),
  fc.record({ type: fc.constant('thinking'), thinking: anyText, signature: fc.constant('EqoB') }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.constant('EmwK') }),
  fc.record({
    type: fc.constantFrom('tool_use', 'server_tool_use'),
    id: anyId.map((id) => `toolu_${id}`),
    name: fc.constant('look_up'),
    input: toolInput,
  }),
  fc.record({ type: fc.constant('a_block_of_tomorrow'), input: toolInput, text: anyText }),
);

export const messages = fc.record({
  id: anyId.map((id) => `msg_${id}`),
  type: fc.constant('message'),
  role: fc.constant('assistant'),
  model: fc.constant('claude-sonnet-4-5-20250929'),
  content: fc.array(anyBlock, { maxLength: 4 }),
  stop_reason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'stop_sequence'),
  stop_sequence: fc.constantFrom(null, 'END'),
  usage: fc.record({
    input_tokens: anyCount,
    output_tokens: anyCount,
    cache_creation_input_tokens: anyCount,
    cache_read_input_tokens: anyCount,
    cache_creation: fc.constant({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }),
    service_tier: fc.constant('standard'),
  }),
});
