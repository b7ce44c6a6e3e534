import {
  type CallerDialect,
  type Dialect,
  isEmbeddingDialect,
  type Usage,
} from '@understudy/contracts';
import { chatCompletions } from './callers/chat-completions/chat-completions.ts';
import { isObject } from './callers/json-reading.ts';
import { messages } from './callers/messages/messages.ts';
import { responses } from './callers/responses/responses.ts';
import { codecOf, isCompletionDialect, type CompletionDialect } from './codecs/codec-of.ts';
import { withFewStops } from './codecs/few-stops.ts';
import { canEncodeEmbedding, decodeEmbedding, encodeEmbedding } from './embeddings/embeddings.ts';
import { parseExact } from './exact-integers.ts';
import { refuseFilesByUrl } from './inline-files.ts';
import { type Loss, UntranslatableError } from './loss.ts';
import type { RequestExtras } from './neutral-request.ts';
import type {
  CallerDialectTranslator,
  EncodedRequest,
  JsonObject,
  WrittenAnswer,
} from './translator.ts';

export { UnreadableAnswerError } from './codecs/unreadable-answer-error.ts';

export interface TranslationRequest {
  from: CallerDialect;
  to: Dialect;
  /** The caller's body, valid JSON. */
  body: Uint8Array;
  /** Our name of the model that will be called where there is one, else the provider's. */
  model: string;
  /** The host that is called fetches no files by their URL; those in the body must be inline. */
  inlineFilesOnly?: boolean;
  /** How many stop sequences the host that is called takes, whatever the model. */
  mostStops?: number | undefined;
}

export interface TranslatedRequest {
  /** Without the provider's demands: model, streaming. */
  body: Uint8Array;
  losses: Loss[];
  betas: string[];
  /** How many inputs a body for embeddings holds. */
  inputs?: number;
  /**
   * The provider's good answer in the caller's dialect.
   * @throws UnreadableAnswerError when it is not of the shape that its dialect promises
   */
  answer(received: ReceivedAnswer): Promise<{ body: Buffer; losses: Loss[] }>;
}

export interface ReceivedAnswer {
  body: Uint8Array;
  /** Of our answer object, without prefix. */
  id: string;
  /** The model that answered, as the provider names it. */
  model: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  usage: Usage;
}

/**
 * Whether a body in one dialect can be sent in the other. Embeddings and completions are never
 * exchanged for each other, and a dialect is not translated to itself.
 */
export function canTranslate(from: CallerDialect, to: Dialect): boolean {
  if (from === to) return false;
  if (from === 'embeddings') return canEncodeEmbedding(to);
  return !isEmbeddingDialect(to);
}

/**
 * The caller's body as the model that is called will read it. Pure but for loading the dialect's
 * codec the first time; nothing is sent.
 * @throws UntranslatableError with the path in the caller's body
 */
export async function translate(request: TranslationRequest): Promise<TranslatedRequest> {
  const { from, to } = request;
  if (!canTranslate(from, to)) {
    throw new Error(`A body in ${from} is not translated to ${to}; ask canTranslate before.`);
  }
  const body = parsed(request.body);
  if (from !== 'embeddings' && isCompletionDialect(to)) {
    return await translateCompletion(CALLERS[from], to, body, request);
  }
  return await translateEmbedding(to, body, request.model);
}

const CALLERS: Readonly<Record<Exclude<CallerDialect, 'embeddings'>, CallerDialectTranslator>> = {
  'chat-completions': chatCompletions,
  responses,
  messages,
};

async function translateCompletion(
  caller: CallerDialectTranslator,
  to: CompletionDialect,
  body: JsonObject,
  { model, inlineFilesOnly, mostStops }: Omit<TranslationRequest, 'from' | 'to' | 'body'>,
): Promise<TranslatedRequest> {
  const read = caller.read(body);
  const stops = withFewStops(read.options, mostStops);
  const request = { ...read, options: stops.options };
  const codec = await codecOf(to);
  const fieldOf = (option: string): string =>
    fieldOfExtra(request.extras, option) ?? caller.fieldOf(option);
  const encoded = await encode().catch((error: unknown): never => {
    throw inCallersWords(error, fieldOf);
  });
  async function encode(): Promise<EncodedRequest> {
    if (inlineFilesOnly === true) refuseFilesByUrl(request.options.prompt);
    return await codec.encode(request, model);
  }
  const told = [...stops.losses, ...encoded.losses];
  const losses = told.map((loss) => ({ ...loss, field: fieldOf(loss.field) }));
  return {
    body: Buffer.from(JSON.stringify(encoded.body)),
    losses: withoutRepetition([...request.losses, ...losses]),
    betas: encoded.betas,
    async answer({ body: answer, ...received }) {
      const result = await codec.decode(request, model, answer);
      return inBytes(caller.write(result, { ...received, request: body }));
    },
  };
}

async function translateEmbedding(
  to: Dialect,
  body: JsonObject,
  model: string,
): Promise<TranslatedRequest> {
  const encoded = await encodeEmbedding(to, body, model);
  return {
    body: Buffer.from(JSON.stringify(encoded.body)),
    losses: withoutRepetition(encoded.losses),
    betas: [],
    inputs: encoded.inputs,
    async answer({ body: answer, ...received }) {
      return inBytes(await decodeEmbedding(to, answer, { ...received, request: body }));
    },
  };
}

function parsed(body: Uint8Array): JsonObject {
  const value = parseExact(Buffer.from(body).toString());
  if (!isObject(value)) throw new UntranslatableError('body', 'it is not a JSON object');
  return value;
}

function fieldOfExtra(extras: RequestExtras, option: string): string | undefined {
  return Object.entries(extras).find(([name]) => name === option)?.[1].field;
}

function inCallersWords(error: unknown, fieldOf: (option: string) => string): unknown {
  if (!(error instanceof UntranslatableError)) return error;
  return new UntranslatableError(fieldOf(error.field), error.reason);
}

function withoutRepetition(losses: readonly Loss[]): Loss[] {
  return [...new Map(losses.map((loss) => [`${loss.field}\n${loss.message}`, loss])).values()];
}

function inBytes({ body, losses }: WrittenAnswer): { body: Buffer; losses: Loss[] } {
  return { body: Buffer.from(JSON.stringify(body)), losses: withoutRepetition(losses) };
}
