import {
  InvalidArgumentError,
  UnsupportedFunctionalityError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4GenerateResult,
  type SharedV4Warning,
} from '@ai-sdk/provider';
import { answeringFetch, capturingFetch } from '../codec-fetch.ts';
import { markLargeIntegers, unmarkLargeIntegers } from '../exact-integers.ts';
import { UntranslatableError } from '../loss.ts';
import type { JsonObject } from '../translator.ts';
import { UnreadableAnswerError } from './unreadable-answer-error.ts';

type ModelOver = (transport: typeof fetch) => LanguageModelV4;

export interface CapturedRequest {
  body: JsonObject;
  warnings: SharedV4Warning[];
  betas: string[];
}

/**
 * Anthropic's betas that have become generally available: the SDK still names them, and clouds that
 * serve Claude refuse names they do not know (platform.claude.com: "PDF support", "Structured
 * outputs").
 */
const SETTLED_BETAS: readonly string[] = ['pdfs-2024-09-25', 'structured-outputs-2025-11-13'];

/**
 * The body that the SDK would send, and what it warns of. Nothing leaves: the transport answers
 * itself, with `minimalAnswer`.
 * @throws UntranslatableError for what the SDK has no form for
 */
export async function captureRequest(
  modelOver: ModelOver,
  options: LanguageModelV4CallOptions,
  minimalAnswer: JsonObject,
): Promise<CapturedRequest> {
  const capturing = capturingFetch(minimalAnswer);
  let betas: string[] = [];
  const model = modelOver(async (address, init) => {
    betas = betasOf(new Headers(init?.headers));
    return await capturing.fetch(address, init);
  });
  try {
    const { warnings } = await model.doGenerate(options);
    return { body: capturing.body(), warnings, betas };
  } catch (error) {
    throw untranslatable(error);
  }
}

/**
 * Reads an answer as if the model had just been called.
 * @throws UnreadableAnswerError
 */
export async function replayAnswer(
  modelOver: ModelOver,
  options: LanguageModelV4CallOptions,
  answer: Uint8Array,
): Promise<LanguageModelV4GenerateResult> {
  try {
    const marked = Buffer.from(markLargeIntegers(Buffer.from(answer).toString()));
    const result = await modelOver(answeringFetch(marked)).doGenerate(options);
    return { ...result, content: result.content.map(withLargeIntegers) };
  } catch {
    // Neither the SDK's message nor its cause: they quote the answer.
    throw new UnreadableAnswerError();
  }
}

// Where a dialect holds arguments, and the answer to a schema, as an object, the SDK writes its JSON.
function withLargeIntegers(part: LanguageModelV4Content): LanguageModelV4Content {
  if (part.type === 'tool-call') return { ...part, input: unmarkLargeIntegers(part.input) };
  return part.type === 'text' ? { ...part, text: unmarkLargeIntegers(part.text) } : part;
}

function betasOf(headers: Headers): string[] {
  const names = (headers.get('anthropic-beta') ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '' && !SETTLED_BETAS.includes(name));
}

// Other errors are faults of ours or of the SDK's, and stay what they are.
function untranslatable(error: unknown): unknown {
  if (UnsupportedFunctionalityError.isInstance(error)) {
    const field = error.functionality.startsWith('JSON Schema') ? 'responseFormat' : 'prompt';
    return new UntranslatableError(field, `there is no place for ${error.functionality}`);
  }
  if (InvalidArgumentError.isInstance(error)) {
    return new UntranslatableError('body', 'a value is refused by the other dialect');
  }
  return error;
}
