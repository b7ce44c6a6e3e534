import type { Dialect } from '@understudy/contracts';

/** What callers ask for beside plain text, in members of a dialect's body, `model` left out. */
export interface SampleRequests {
  'a tool call': string;
  'an image': string;
  'a JSON schema': string;
}

const SCHEMA =
  '{"type":"object","properties":{"city":{"type":"string"},"limit":{"const":12345678901234567890}},"required":["city"],"additionalProperties":false}';
/** One black pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const QUESTION = 'What is the weather in K\\u00f6ln?\\n';

/** Recorded shapes of the vendors' own clients; of dialects that complete. */
export const SAMPLE_REQUESTS: Readonly<Partial<Record<Dialect, SampleRequests>>> = {
  'chat-completions': {
    'a tool call': `"messages":[{"role":"user","content":"${QUESTION}"}],"tools":[{"type":"function","function":{"name":"weather","strict":true,"parameters":${SCHEMA}}}],"tool_choice":"required","parallel_tool_calls":false`,
    'an image': `"messages":[{"role":"user","content":[{"type":"text","text":"${QUESTION}"},{"type":"image_url","image_url":{"url":"data:image/png;base64,${PNG}","detail":"low"}}]}]`,
    'a JSON schema': `"messages":[{"role":"user","content":"${QUESTION}"}],"response_format":{"type":"json_schema","json_schema":{"name":"place","strict":true,"schema":${SCHEMA}}}`,
  },
  responses: {
    'a tool call': `"input":"${QUESTION}","tools":[{"type":"function","name":"weather","strict":true,"parameters":${SCHEMA}}],"tool_choice":"required"`,
    'an image': `"input":[{"role":"user","content":[{"type":"input_text","text":"${QUESTION}"},{"type":"input_image","image_url":"data:image/png;base64,${PNG}"}]}]`,
    'a JSON schema': `"input":"${QUESTION}","text":{"format":{"type":"json_schema","name":"place","strict":true,"schema":${SCHEMA}}}`,
  },
  messages: {
    'a tool call': `"max_tokens":100,"messages":[{"role":"user","content":"${QUESTION}"}],"tools":[{"name":"weather","input_schema":${SCHEMA}}],"tool_choice":{"type":"any"}`,
    'an image': `"max_tokens":100,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"${PNG}"}},{"type":"text","text":"${QUESTION}"}]}]`,
    'a JSON schema': `"max_tokens":100,"messages":[{"role":"user","content":"${QUESTION}"}],"output_config":{"format":{"type":"json_schema","schema":${SCHEMA}}}`,
  },
  'generate-content': {
    'a tool call': `"contents":[{"role":"user","parts":[{"text":"${QUESTION}"}]}],"tools":[{"functionDeclarations":[{"name":"weather","parametersJsonSchema":${SCHEMA}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY"}}`,
    'an image': `"contents":[{"role":"user","parts":[{"text":"${QUESTION}"},{"inlineData":{"mimeType":"image/png","data":"${PNG}"}}]}]`,
    'a JSON schema': `"contents":[{"role":"user","parts":[{"text":"${QUESTION}"}]}],"generationConfig":{"responseMimeType":"application/json","responseJsonSchema":${SCHEMA}}`,
  },
  converse: {
    'a tool call': `"messages":[{"role":"user","content":[{"text":"${QUESTION}"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":${SCHEMA}}}}],"toolChoice":{"any":{}}}`,
    'an image': `"messages":[{"role":"user","content":[{"text":"${QUESTION}"},{"image":{"format":"png","source":{"bytes":"${PNG}"}}}]}]`,
    'a JSON schema': `"messages":[{"role":"user","content":[{"text":"${QUESTION}"}]}],"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"place","schema":${JSON.stringify(SCHEMA)}}}}}`,
  },
};
