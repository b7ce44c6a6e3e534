import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Extra, NeutralRequest } from '../../neutral-request.ts';
import type { JsonObject } from '../../translator.ts';
import { defined, extra, type ObjectReader, readObject } from '../json-reading.ts';
import { readSchema } from '../json-schema.ts';
import { createKnownMembers } from '../known-members.ts';
import { cacheMarkerOf } from './cache-control.ts';
import { contentAt } from './content-block.ts';
import { readSystem } from './read-system.ts';
import { readThinking } from './read-thinking.ts';
import { readToolChoice, readTools } from './read-tools.ts';
import { readTurns } from './read-turns.ts';

/** A body of Anthropic's messages. Throws UntranslatableError. */
export function readRequest(body: JsonObject): NeutralRequest {
  const members = createKnownMembers();
  const request = readObject(body, '', members);
  // How the answer travels is the broker's matter, and so is the version that Bedrock asks for.
  request.ignore('model', 'stream', 'anthropic_version');
  tellWhatOnlyAnthropicHas(request);

  const output = request.object('output_config');
  const tools = readTools(request, members);
  const { toolChoice, parallelToolCalls } = readToolChoice(request, tools);
  const { reasoning, reasoningBudgetTokens } = readThinking(request, output);
  const { responseFormat, strictJsonSchema } = readFormat(request, output);
  const options = defined({
    prompt: [
      ...readSystem(contentAt(request, 'system', members) ?? []),
      ...readTurns(request, members),
    ],
    maxOutputTokens: request.integer('max_tokens'),
    temperature: request.number('temperature'),
    topP: request.number('top_p'),
    topK: request.integer('top_k'),
    stopSequences: request.texts('stop_sequences'),
    tools,
    toolChoice,
    reasoning,
    responseFormat,
    ...cacheMarkerOf(request),
  });
  const extras = defined({
    parallelToolCalls,
    reasoningBudgetTokens,
    strictJsonSchema,
    user: readUser(request),
    serviceTier: readServiceTier(request),
  });
  return { options, extras, losses: members.losses() };
}

function tellWhatOnlyAnthropicHas(request: ObjectReader): void {
  for (const name of ['container', 'mcp_servers', 'context_management']) {
    request.lose(name, 'is a service of Anthropic, and is not carried');
  }
  if (request.text('speed') !== 'standard') {
    request.lose('speed', 'is a mode of Claude, and is not carried');
  }
  const geography = request.text('inference_geo');
  if (geography !== undefined && geography !== 'global') {
    throw request.error('inference_geo', 'no other provider promises where it computes by it');
  }
}

function readFormat(request: ObjectReader, output: ObjectReader | undefined): Format {
  // `output_format` is what the member was called while it was in beta.
  const [parent, name] = output?.has('format')
    ? ([output, 'format'] as const)
    : ([request, 'output_format'] as const);
  const format = parent.object(name);
  if (format === undefined) return {};
  if (format.text('type') !== 'json_schema') throw format.error('type', 'it is not json_schema');
  return {
    responseFormat: {
      type: 'json',
      schema: format.required('schema', readSchema(format, 'schema')),
    },
    strictJsonSchema: { field: format.path, value: true },
  };
}

type JsonFormat = Extract<LanguageModelV4CallOptions['responseFormat'], { type: 'json' }>;

interface Format {
  responseFormat?: JsonFormat;
  /** Always: Anthropic holds its models to the schema. */
  strictJsonSchema?: Extra<boolean>;
}

function readUser(request: ObjectReader): Extra<string> | undefined {
  const metadata = request.object('metadata');
  return metadata && extra(metadata.pathOf('user_id'), metadata.text('user_id'));
}

// Told in OpenAI's words, as other callers do; `auto` is what every vendor does unasked.
function readServiceTier(request: ObjectReader): Extra<string> | undefined {
  const tier = request.text('service_tier');
  if (tier === undefined || tier === 'auto') return undefined;
  return extra('service_tier', tier === 'standard_only' ? 'default' : tier);
}
