import { z } from 'zod';
import { answerText } from '../answer-text.ts';
import type { Entry } from './entry.ts';
import type { InputFormat } from './input-format.ts';
import { isSuccess, parseResultLine, type ResultLine } from './result-lines.ts';

/** Why a line has no answer, where the batch's files say nothing about it. */
const NO_RESULT = { code: 'no_result', message: 'the batch ended without a result for this line' };

/** Anthropic's words for what a batch did with a line that never became a call. */
const ANTHROPIC_ENDS: Readonly<Record<string, string>> = {
  batch_cancelled: 'canceled',
  batch_expired: 'expired',
  batch_max_cost: 'canceled',
};

const bodyErrorSchema = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    code: z.string().nullish(),
    type: z.string().nullish(),
  }),
});
const bodySchema = z.looseObject({ usage: z.unknown(), model: z.string().optional() });

export interface AnswerOptions {
  format: InputFormat;
  /** Repeat the prompt beside the answer. */
  withPrompt: boolean;
}

/**
 * The line of the answers file for one line of the input, in the input's own format: what the vendor
 * would give for OpenAI's and Anthropic's batches, else the answer's text.
 * @param result the line of the batch's files; undefined where they have none
 */
export function answerLine(
  entry: Entry,
  result: Buffer | undefined,
  { format, withPrompt }: AnswerOptions,
): string | Buffer {
  if (format === 'openai' && result !== undefined) return result;
  const parsed = result === undefined ? missingResult(entry) : parseResultLine(result);
  if (format === 'openai') return JSON.stringify(parsed);
  if (format === 'anthropic') return JSON.stringify(anthropicLine(parsed));
  return JSON.stringify(plainLine(entry, parsed, withPrompt));
}

function missingResult({ customId }: Entry): ResultLine {
  return { custom_id: customId, response: null, error: NO_RESULT };
}

function anthropicLine(line: ResultLine): object {
  const { custom_id, response, error } = line;
  if (isSuccess(line)) return { custom_id, result: { type: 'succeeded', message: response?.body } };
  const end = ANTHROPIC_ENDS[error?.code ?? ''];
  if (end !== undefined) return { custom_id, result: { type: end } };
  const { code, message } = failureOf(line);
  const told = bodyErrorSchema.safeParse(response?.body);
  const type = told.data?.error.type ?? code ?? 'api_error';
  const envelope = { type: 'error', error: { type, message } };
  return { custom_id, result: { type: 'errored', error: envelope } };
}

function plainLine(entry: Entry, line: ResultLine, withPrompt: boolean): object {
  const head = {
    custom_id: entry.customId,
    ...(withPrompt && entry.prompt !== undefined ? { prompt: entry.prompt } : {}),
    ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
  };
  if (!isSuccess(line)) return { ...head, answer: null, error: failureOf(line) };
  const body = line.response?.body;
  const { model, usage } = bodySchema.safeParse(body).data ?? {};
  return {
    ...head,
    answer: answerText(body) ?? null,
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The failure as its provider told it, else as the batch did. */
export function failureOf({ response, error }: ResultLine): {
  code?: string;
  message: string;
  status_code?: number;
} {
  const status = response ? { status_code: response.status_code } : {};
  const told = bodyErrorSchema.safeParse(response?.body);
  if (told.success) {
    const { message, code, type } = told.data.error;
    const name = code ?? type ?? undefined;
    return { ...(name === undefined ? {} : { code: name }), message, ...status };
  }
  if (error) return { code: error.code, message: error.message, ...status };
  return { message: `the provider answered ${response?.status_code ?? 'nothing'}`, ...status };
}
