import * as fc from 'fast-check';

const NAMES = `
  messages role content type text name id tool_calls tool_call_id function arguments image_url
  url detail input_audio data format file file_data file_id filename refusal reasoning_content
  function_call functions tools tool_choice allowed_tools mode parameters strict stop
  response_format json_schema schema n logprobs top_logprobs logit_bias metadata temperature
  max_tokens modalities extra_content google include input instructions output call_id
  summary encrypted_content status reasoning effort truncation prompt conversation thought_signature
  seed
`.split(/\s/);
const WORDS = `
  user assistant system developer tool function text image_url file input_text input_image
  input_file output_text refusal message reasoning function_call function_call_output
  item_reference web_search_call custom auto none required allowed_tools json_schema json_object
  high call_1 {"a":1} {"a": [] data:image/png;base64,AAAA data: https://example.org/a.png
  data:text/plain,%zz file:///etc/passwd  weather
`.split(/\s/);

const tree = fc.letrec<{ node: unknown; object: Record<string, unknown> }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...WORDS),
    fc.jsonValue(),
    fc.array(tie('node'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie('node'), {
    maxKeys: 6,
  }),
}));

/** Objects made of the words and names of OpenAI's dialects, put together in any way. */
export const plausibleObject = tree.object;
