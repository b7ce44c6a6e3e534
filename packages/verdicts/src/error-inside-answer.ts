import { isObject } from '@understudy/contracts';
import type { Dialect, JsonObject } from '@understudy/contracts';
import { asText } from './read-text.ts';

/** A failure that came with a success status, in the form in which it can be judged. */
export interface ErrorInsideAnswer {
  /** The status that the error would have had by itself, where it names one. */
  status?: number;
  /** JSON text of the error alone, without anything that was generated. */
  body: string;
}

/**
 * The documented status of errors that arrive by name alone, from the OpenAI error codes of failed
 * responses and the Anthropic error types.
 */
const STATUS_BY_NAME: ReadonlyMap<string, number> = new Map([
  ['server_error', 500],
  ['rate_limit_exceeded', 429],
  ['vector_store_timeout', 504],
  ['invalid_prompt', 400],
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['conflict_error', 409],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

/**
 * The error inside an answer of status 200: a top-level `error` in every dialect, a choice's
 * `error` in chat completions (OpenRouter sends both), a response of status `failed`, candidates of
 * Gemini's and turns in Converse that ended at words or a call nobody can use. Undefined where the
 * answer reports none; a refusal is an answer, not an error.
 * @param answer the parsed body; anything but an object holds no error
 */
export function errorInsideAnswer(
  dialect: Dialect,
  answer: unknown,
): ErrorInsideAnswer | undefined {
  if (!isObject(answer)) return undefined;
  const error = answer['error'] ?? undefined;
  if (error !== undefined && error !== false && error !== '') return asFailure(error);
  if (dialect === 'responses' && answer['status'] === 'failed') {
    return { status: 500, body: JSON.stringify({ error: { code: 'server_error' } }) };
  }
  if (dialect === 'chat-completions') return errorOfChoices(answer['choices']);
  if (dialect === 'generate-content') return errorOfCandidates(answer['candidates']);
  if (dialect === 'converse') return errorOfTurn(answer);
  return undefined;
}

function errorOfChoices(choices: unknown): ErrorInsideAnswer | undefined {
  if (!Array.isArray(choices)) return undefined;
  const errors: unknown[] = choices.map((choice) => isObject(choice) && choice['error']);
  const error = errors.find((found) => isObject(found) || asText(found) !== undefined);
  return error === undefined ? undefined : asFailure(error);
}

/**
 * Finish reasons by which Gemini says that the model's function call was of no use, in our words:
 * its own `finishMessage` quotes the call.
 */
const CALL_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['MALFORMED_FUNCTION_CALL', 'the model wrote a function call that cannot be read'],
  ['UNEXPECTED_TOOL_CALL', 'the model called a function although none was offered'],
]);

/** A candidate that says something beside its failed call is an answer. */
function errorOfCandidates(candidates: unknown): ErrorInsideAnswer | undefined {
  if (!Array.isArray(candidates)) return undefined;
  const reasons: unknown[] = candidates.map((candidate) =>
    isObject(candidate) && !saysAnything(candidate) ? candidate['finishReason'] : undefined,
  );
  const [status] = reasons;
  if (status === undefined || !reasons.every((reason) => CALL_FAULTS.has(reason))) return undefined;
  return asFailure({ status, message: CALL_FAULTS.get(status) });
}

function saysAnything({ content }: JsonObject): boolean {
  const parts = isObject(content) ? content['parts'] : undefined;
  return Array.isArray(parts) && parts.some((part) => isObject(part) && part['thought'] !== true);
}

/** Reasons to stop by which Bedrock says the same, for models that wrote what it cannot read. */
const TURN_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['malformed_tool_use', 'the model wrote a tool call that cannot be read'],
  ['malformed_model_output', 'the model wrote an answer that cannot be read'],
]);

/** A turn with words and no call is an answer; of a call, what is there may be a part. */
function errorOfTurn({ stopReason: status, output }: JsonObject): ErrorInsideAnswer | undefined {
  const message = TURN_FAULTS.get(status);
  if (message === undefined) return undefined;
  const turn = isObject(output) ? output['message'] : undefined;
  const content = isObject(turn) ? turn['content'] : undefined;
  const blocks = Array.isArray(content) ? content.filter(isObject) : [];
  const speaks = blocks.some(({ text }) => asText(text) !== undefined);
  const calls = blocks.some(({ toolUse }) => toolUse !== undefined);
  return speaks && !calls ? undefined : asFailure({ status, message });
}

function asFailure(error: unknown): ErrorInsideAnswer {
  const status = isObject(error) ? statusOf(error) : undefined;
  return { ...(status === undefined ? {} : { status }), body: JSON.stringify({ error }) };
}

function statusOf(error: JsonObject): number | undefined {
  const code = Number(error['code']);
  if (Number.isInteger(code) && code >= 400 && code <= 599) return code;
  for (const name of [asText(error['code']), asText(error['type'])]) {
    const status = name === undefined ? undefined : STATUS_BY_NAME.get(name);
    if (status !== undefined) return status;
  }
  return undefined;
}
