import { isObject } from '../callers/json-reading.ts';
import type { JsonObject } from '../translator.ts';
import { type RequestFacts, said, spokenCall, spokenImage } from './request-facts.ts';

/** What a body of Google's `generateContent` says. */
export function factsOfGenerateContent(body: JsonObject): RequestFacts {
  const generation = member(body, 'generationConfig');
  const declarations = objects(body, 'tools').flatMap((tool) =>
    objects(tool, 'functionDeclarations'),
  );
  const { emulated, tools } = withoutJsonTool(
    declarations.map((tool) => ({
      name: tool['name'],
      // Google wants one of every tool.
      description: tool['description'] === '' ? undefined : tool['description'],
      schema: tool['parametersJsonSchema'],
    })),
  );
  const calling = member(member(body, 'toolConfig'), 'functionCallingConfig');
  const allowed = calling['allowedFunctionNames'];
  return {
    system: objects(member(body, 'systemInstruction'), 'parts').map((part) => String(part['text'])),
    conversation: objects(body, 'contents').flatMap((content) =>
      objects(content, 'parts').map((part) => googlePart(part, content['role'])),
    ),
    settings: said({
      maxOutputTokens: generation['maxOutputTokens'],
      temperature: generation['temperature'],
      topP: generation['topP'],
      topK: generation['topK'],
      seed: generation['seed'],
      presencePenalty: generation['presencePenalty'],
      stopSequences: generation['stopSequences'],
      responseFormat: generation['responseJsonSchema'] ?? emulated,
      tools,
      toolChoice: Array.isArray(allowed)
        ? allowed[0]
        : { NONE: 'none', ANY: 'required' }[String(calling['mode'])],
    }),
  };
}

function googlePart(part: JsonObject, role: unknown): string {
  const call = part['functionCall'];
  if (isObject(call)) return spokenCall(call['name'], call['args']);
  const response = part['functionResponse'];
  if (isObject(response)) return `result ${String(member(response, 'response')['content'])}`;
  const data = part['inlineData'];
  if (isObject(data)) return spokenImage(`${String(data['mimeType'])} ${String(data['data'])}`);
  const file = part['fileData'];
  if (isObject(file)) return spokenImage(String(file['fileUri']));
  return `${role === 'model' ? 'assistant' : 'user'} ${String(part['text'])}`;
}

/** What a body of Bedrock's `Converse` says. */
export function factsOfConverse(body: JsonObject): RequestFacts {
  const inference = member(body, 'inferenceConfig');
  const fields = member(body, 'additionalModelRequestFields');
  const config = member(body, 'toolConfig');
  const { emulated, tools } = withoutJsonTool(
    objects(config, 'tools').map((tool) => {
      const spec = member(tool, 'toolSpec');
      const schema = member(spec, 'inputSchema')['json'];
      return { name: spec['name'], description: spec['description'], schema };
    }),
  );
  const choice = member(config, 'toolChoice');
  const output = member(fields, 'output_config');
  const thinking = member(fields, 'thinking');
  const { told, system } = withoutToldSchema(
    objects(body, 'system').map((part) => String(part['text'])),
  );
  return {
    system,
    conversation: objects(body, 'messages').flatMap((message) =>
      objects(message, 'content').flatMap((block) => converseBlock(block, message['role'])),
    ),
    settings: said({
      maxOutputTokens: inference['maxTokens'],
      temperature: inference['temperature'],
      topP: inference['topP'],
      topK: fields['top_k'],
      stopSequences: inference['stopSequences'],
      responseFormat: member(output, 'format')['schema'] ?? emulated ?? told,
      reasoning:
        thinking['type'] === 'disabled' ? 'none' : (output['effort'] ?? fields['reasoning_effort']),
      reasoningBudgetTokens: thinking['budget_tokens'],
      tools,
      toolChoice: choice['any'] === undefined ? member(choice, 'tool')['name'] : 'required',
    }),
  };
}

/** Where no tool can stand for the schema, the SDK tells it at the end of the first system prompt. */
const TOLD_SCHEMA = /(?:^|\n\n)JSON schema:\n(.*)\nYou MUST answer [^\n]*$/s;

function withoutToldSchema(blocks: readonly string[]): { told: unknown; system: string[] } {
  const found = blocks
    .map((text) => TOLD_SCHEMA.exec(text)?.[1])
    .find((text) => text !== undefined);
  return {
    told: found === undefined ? undefined : JSON.parse(found),
    system: blocks.map((text) => text.replace(TOLD_SCHEMA, '')).filter((text) => text !== ''),
  };
}

function converseBlock(block: JsonObject, role: unknown): string[] {
  const { toolUse, toolResult, image } = block;
  if (isObject(toolUse)) return [spokenCall(toolUse['name'], toolUse['input'])];
  if (isObject(toolResult)) {
    return objects(toolResult, 'content').map((part) => `result ${String(part['text'])}`);
  }
  if (isObject(image)) {
    const bytes = String(member(image, 'source')['bytes']);
    return [spokenImage(`image/${String(image['format'])} ${bytes}`)];
  }
  return [`${String(role)} ${String(block['text'])}`];
}

interface Tool {
  name: unknown;
  description: unknown;
  schema: unknown;
}

function withoutJsonTool(all: readonly Tool[]): { emulated: unknown; tools: Tool[] } {
  const isJson = (tool: Tool): boolean => tool.name === 'json';
  return { emulated: all.find(isJson)?.schema, tools: all.filter((tool) => !isJson(tool)) };
}

function member(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  return isObject(found) ? found : {};
}

function objects(value: JsonObject, name: string): JsonObject[] {
  const found = value[name];
  return Array.isArray(found) ? found.filter(isObject) : [];
}
