import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { NeutralRequest, RequestExtras } from '../../neutral-request.ts';
import type { JsonObject } from '../../translator.ts';
import { defined, extra, type ObjectReader, readObject } from '../json-reading.ts';
import { createKnownMembers } from '../known-members.ts';
import { describeType, readFunctionTool } from '../openai/function-tools.ts';
import { type OutputFormat, readOutputFormat } from '../openai/output-format.ts';
import { readEffort, readSharedExtras, readSharedOptions } from '../openai/shared-options.ts';
import { readToolChoice, type ToolChoiceShape } from '../openai/tool-choice.ts';
import { readInput } from './read-input.ts';

/** @throws UntranslatableError */
export function readRequest(body: JsonObject): NeutralRequest {
  const members = createKnownMembers();
  const reader = readObject(body, '', members);
  refuseWhatLivesAtTheVendor(reader);
  const prompt = readInput(reader);
  const text = readText(reader);
  const reasoning = readReasoning(reader);
  const options: LanguageModelV4CallOptions = {
    prompt,
    ...readSharedOptions(reader),
    ...defined({
      maxOutputTokens: reader.integer('max_output_tokens'),
      responseFormat: text.format?.responseFormat,
    }),
    ...reasoning.options,
    ...readToolChoice(reader, readTools(reader), SHAPE),
  };
  const extras: RequestExtras = {
    ...readSharedExtras(reader),
    ...text.extras,
    ...reasoning.extras,
    ...readIncluded(reader),
  };
  tellWhatHasNoPlace(reader);
  return { options, extras, reasonsUnasked: true, losses: members.losses() };
}

function refuseWhatLivesAtTheVendor(body: ObjectReader): void {
  const reason = 'it refers to what only its own vendor has stored';
  body.refuse('previous_response_id', reason);
  body.refuse('conversation', reason);
  body.refuse('prompt', reason);
}

const SHAPE: ToolChoiceShape = {
  functionName: (choice) => choice.required('name', choice.text('name')),
  allowed: (choice) => choice,
};

function readTools(body: ObjectReader): LanguageModelV4FunctionTool[] | undefined {
  const tools = body.objects('tools')?.flatMap(readTool);
  return tools?.length === 0 ? undefined : tools;
}

function readTool(tool: ObjectReader): LanguageModelV4FunctionTool[] {
  const type = tool.required('type', tool.text('type'));
  if (type === 'function') return [readFunctionTool(tool)];
  tool.loseWhole(`is not carried: tools of type ${describeType(type)} are this dialect's own`);
  return [];
}

function readText(body: ObjectReader): { format?: OutputFormat; extras: RequestExtras } {
  const text = body.object('text');
  const reader = text?.object('format');
  const format = reader === undefined ? undefined : readOutputFormat(reader, (members) => members);
  return {
    ...defined({ format }),
    extras: defined({
      verbosity: extra('text.verbosity', text?.text('verbosity')),
      strictJsonSchema: format?.strictJsonSchema,
    }),
  };
}

function readReasoning(body: ObjectReader): {
  options: Partial<LanguageModelV4CallOptions>;
  extras: RequestExtras;
} {
  const reasoning = body.object('reasoning');
  if (reasoning === undefined) return { options: {}, extras: {} };
  const legacy = reasoning.text('generate_summary');
  const summary = reasoning.text('summary');
  const reasoningSummary =
    extra('reasoning.summary', summary) ?? extra('reasoning.generate_summary', legacy);
  return { options: readEffort(reasoning, 'effort'), extras: defined({ reasoningSummary }) };
}

const LOGPROBS = 'message.output_text.logprobs';

// What else can be included belongs to server tools, or is encrypted for its vendor only.
function readIncluded(body: ObjectReader): RequestExtras {
  const included = body.texts('include') ?? [];
  if (included.some((each) => each !== LOGPROBS)) {
    body.lose('include', `is carried as far as it is "${LOGPROBS}"`);
  }
  const alternatives = body.integer('top_logprobs');
  if (included.includes(LOGPROBS)) {
    return { topLogprobs: { field: 'top_logprobs', value: alternatives ?? 0 } };
  }
  return defined({ topLogprobs: extra('top_logprobs', alternatives) });
}

function tellWhatHasNoPlace(body: ObjectReader): void {
  const truncation = body.text('truncation');
  if (truncation !== undefined && truncation !== 'disabled') {
    body.lose('truncation', 'is not carried: other dialects shorten no conversation');
  }
  body.lose('max_tool_calls', "is not carried: it counts calls of the dialect's own tools");
}
