import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { NeutralRequest, RequestExtras } from '../../neutral-request.ts';
import type { JsonObject } from '../../translator.ts';
import { defined, extra, isNumber, type ObjectReader, readObject } from '../json-reading.ts';
import { createKnownMembers } from '../known-members.ts';
import { readOutputFormat } from '../openai/output-format.ts';
import {
  readEffort,
  readMap,
  readSharedExtras,
  readSharedOptions,
} from '../openai/shared-options.ts';
import { readMessages } from './read-messages.ts';
import { readTools } from './read-tools.ts';

/** @throws UntranslatableError */
export function readRequest(body: JsonObject): NeutralRequest {
  const members = createKnownMembers();
  const reader = readObject(body, '', members);
  const prompt = readMessages(reader);
  const tools = readTools(reader);
  const { responseFormat, strictJsonSchema } = readFormat(reader);
  const options: LanguageModelV4CallOptions = {
    prompt,
    ...readSampling(reader),
    ...defined({ responseFormat }),
    ...tools,
  };
  const extras: RequestExtras = {
    ...readSharedExtras(reader),
    ...readLogprobs(reader),
    ...defined({
      verbosity: extra('verbosity', reader.text('verbosity')),
      logitBias: extra('logit_bias', readMap(reader, 'logit_bias', isNumber, 'numbers')),
      strictJsonSchema,
    }),
  };
  tellWhatHasNoPlace(reader);
  return { options, extras, losses: members.losses() };
}

function readSampling(body: ObjectReader): Partial<LanguageModelV4CallOptions> {
  return {
    ...readSharedOptions(body),
    ...defined({
      maxOutputTokens: readMaximumTokens(body),
      stopSequences: readStop(body),
      seed: body.integer('seed'),
      presencePenalty: body.number('presence_penalty'),
      frequencyPenalty: body.number('frequency_penalty'),
    }),
    ...readEffort(body, 'reasoning_effort'),
  };
}

function readMaximumTokens(body: ObjectReader): number | undefined {
  const named = body.integer('max_completion_tokens');
  const legacy = body.integer('max_tokens');
  if (named !== undefined && legacy !== undefined && named !== legacy) {
    body.lose('max_tokens', 'is not carried beside max_completion_tokens');
  }
  return named ?? legacy;
}

function readStop(body: ObjectReader): string[] | undefined {
  const value = body.value('stop');
  return typeof value === 'string' ? [value] : body.texts('stop');
}

function readFormat(body: ObjectReader): Partial<ReturnType<typeof readOutputFormat>> {
  const format = body.object('response_format');
  if (format === undefined) return {};
  return readOutputFormat(format, () =>
    format.required('json_schema', format.object('json_schema')),
  );
}

function readLogprobs(body: ObjectReader): RequestExtras {
  const wanted = body.boolean('logprobs') === true;
  const alternatives = body.integer('top_logprobs');
  if (wanted) {
    const field = alternatives === undefined ? 'logprobs' : 'top_logprobs';
    return { topLogprobs: { field, value: alternatives ?? 0 } };
  }
  body.lose('top_logprobs', 'means nothing without logprobs');
  return {};
}

function tellWhatHasNoPlace(body: ObjectReader): void {
  const modalities = body.texts('modalities') ?? [];
  if (modalities.some((modality) => modality !== 'text')) {
    throw body.error('modalities', 'other dialects answer with text only');
  }
  if ((body.integer('n') ?? 1) !== 1) body.lose('n', 'is not carried: there is one answer');
  body.lose('audio', 'is not carried: the answer is text');
  body.lose('prediction', 'is not carried; it only makes an answer faster');
  body.lose('web_search_options', 'is not carried: the search is run by its own vendor only');
}
