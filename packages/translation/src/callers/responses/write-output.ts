import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Loss } from '../../loss.ts';
import type { AnswerContext, JsonObject } from '../../translator.ts';
import { isObject } from '../json-reading.ts';
import { type AnswerPart, refusedInWords, thoughtSignatureOf } from '../openai/answer-parts.ts';
import { readTokenLogprobs, type TokenLogprob } from '../openai/token-logprobs.ts';
import { madeUpReasoningId } from './made-up-reasoning.ts';

type TextPart = Extract<AnswerPart, { type: 'text' }>;
type ReasoningPart = Extract<AnswerPart, { type: 'reasoning' }>;
type ToolCallPart = Extract<AnswerPart, { type: 'tool-call' }>;

/**
 * The items of the answer, in the order in which the model made them. Texts that follow each other
 * are one message, and thoughts one item of reasoning.
 * @param complete whether the model came to its end; else its last item is cut short
 */
export function writeOutput(
  parts: readonly AnswerPart[],
  result: LanguageModelV4GenerateResult,
  context: AnswerContext,
  complete: boolean,
): { items: JsonObject[]; losses: Loss[] } {
  const showsReasoning = wantsReasoning(context.request);
  const shown = parts.filter((part) => showsReasoning || part.type !== 'reasoning');
  const texts = shown.filter((part) => part.type === 'text');
  const tokens =
    wantsLogprobs(context.request) && readTokenLogprobs(result.providerMetadata, context.request);
  const runs = runsOf(shown);
  const items = runs.map((run, index) =>
    writeItem(run, {
      id: `${context.id}_${index}`,
      status: complete || index < runs.length - 1 ? 'completed' : 'incomplete',
      refused: refusedInWords(result.finishReason),
      logprobs: texts.length === 1 && tokens ? tokens : [],
    }),
  );
  const losses = [
    shown.length < parts.length ? [HIDDEN] : [],
    shown.some((part) => part.type === 'tool-call' && thoughtSignatureOf(part)) ? [UNSIGNED] : [],
    tokens && texts.length > 1 ? [UNDIVIDED] : [],
  ];
  return { items, losses: losses.flat() };
}

const HIDDEN: Loss = {
  field: 'output',
  message: 'holds no reasoning, as reasoning.summary does not ask for it',
};
const UNSIGNED: Loss = {
  field: 'output',
  message: 'holds tool calls without the signature of the thoughts that led to them',
};
const UNDIVIDED: Loss = {
  field: 'output',
  message: 'holds no logprobs: which token belongs to which of its texts is not told',
};

/** A caller gets to see reasoning only where it asked for a summary, as at the vendor itself. */
function wantsReasoning(request: JsonObject): boolean {
  const reasoning = request['reasoning'];
  if (!isObject(reasoning)) return false;
  return typeof (reasoning['summary'] ?? reasoning['generate_summary']) === 'string';
}

function wantsLogprobs(request: JsonObject): boolean {
  const { include, top_logprobs: alternatives } = request;
  if (typeof alternatives === 'number') return true;
  return Array.isArray(include) && include.includes('message.output_text.logprobs');
}

type Run =
  | { type: 'text'; parts: TextPart[] }
  | { type: 'reasoning'; parts: ReasoningPart[] }
  | { type: 'tool-call'; call: ToolCallPart };

function runsOf(parts: readonly AnswerPart[]): Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (part.type === 'tool-call') runs.push({ type: 'tool-call', call: part });
    else if (part.type === 'text' && last?.type === 'text') last.parts.push(part);
    else if (part.type === 'reasoning' && last?.type === 'reasoning') last.parts.push(part);
    else if (part.type === 'text') runs.push({ type: 'text', parts: [part] });
    else runs.push({ type: 'reasoning', parts: [part] });
  }
  return runs;
}

interface ItemLabels {
  id: string;
  status: 'completed' | 'incomplete';
  refused: boolean;
  logprobs: readonly TokenLogprob[];
}

function writeItem(run: Run, labels: ItemLabels): JsonObject {
  if (run.type === 'text') return writeMessage(run.parts, labels);
  if (run.type === 'tool-call') return writeCall(run.call, labels);
  const summary = run.parts.map(({ text }) => ({ type: 'summary_text', text }));
  return { id: madeUpReasoningId(labels.id), type: 'reasoning', summary };
}

function writeMessage(parts: readonly TextPart[], labels: ItemLabels): JsonObject {
  const { id, status, refused, logprobs } = labels;
  const content = parts.map(({ text }) =>
    refused
      ? { type: 'refusal', refusal: text }
      : { type: 'output_text', text, annotations: [], logprobs },
  );
  return { id: `msg_${id}`, type: 'message', status, role: 'assistant', content };
}

function writeCall(call: ToolCallPart, { id, status }: ItemLabels): JsonObject {
  return {
    id: `fc_${id}`,
    type: 'function_call',
    status,
    call_id: call.toolCallId,
    name: call.toolName,
    arguments: call.input,
  };
}
