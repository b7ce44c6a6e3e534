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
  const format = member(member(fields, 'output_config'), 'format');
  return {
    system: objects(body, 'system').map((part) => String(part['text'])),
    conversation: objects(body, 'messages').flatMap((message) =>
      objects(message, 'content').flatMap((block) => converseBlock(block, message['role'])),
    ),
    settings: said({
      maxOutputTokens: inference['maxTokens'],
      temperature: inference['temperature'],
      topP: inference['topP'],
      topK: fields['top_k'],
      stopSequences: inference['stopSequences'],
      responseFormat: format['schema'] ?? emulated,
      tools,
      toolChoice: choice['any'] === undefined ? member(choice, 'tool')['name'] : 'required',
    }),
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
