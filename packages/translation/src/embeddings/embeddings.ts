import type { Dialect } from '@understudy/contracts';
import type { AnswerContext, JsonObject, WrittenAnswer } from '../translator.ts';
import { UnreadableAnswerError } from '../codecs/unreadable-answer-error.ts';
import type { EmbeddingCodec, EncodedEmbeddingBody } from './embedding-codec.ts';
import { readEmbeddingRequest } from './embedding-request.ts';
import { writeEmbeddingAnswer } from './embedding-answer.ts';

export interface EncodedEmbedding extends EncodedEmbeddingBody {
  /** How many texts the body holds. */
  inputs: number;
}

// Each codec is loaded when it is first needed: most services never ask for embeddings.
const CODECS: Readonly<Partial<Record<Dialect, () => Promise<EmbeddingCodec>>>> = {
  'embed-content': async () => (await import('./embed-content.ts')).embedContent,
  'predict-embedding': async () => (await import('./predict-embedding.ts')).predictEmbedding,
  'invoke-embedding': async () => (await import('./invoke-embedding.ts')).invokeEmbedding,
};

/** Whether a body of OpenAI's `embeddings` can be sent in this dialect. */
export function canEncodeEmbedding(to: Dialect): boolean {
  return CODECS[to] !== undefined;
}

/**
 * A body of OpenAI's `embeddings` in a provider's dialect, without the provider's demands. The
 * fields of its losses are paths in the caller's body.
 * @param model our name of the model where there is one, else the provider's
 * @throws UntranslatableError
 */
export async function encodeEmbedding(
  to: Dialect,
  body: JsonObject,
  model: string,
): Promise<EncodedEmbedding> {
  const request = readEmbeddingRequest(body);
  const codec = await codecOf(to);
  const { body: encoded, losses } = await codec.encode(request, model);
  return {
    body: encoded,
    losses: [...request.losses, ...losses],
    inputs: request.inputs.length,
  };
}

/**
 * A provider's good answer to a body that `encodeEmbedding` made, as OpenAI's `embeddings` answers.
 * @throws UnreadableAnswerError also when the answer does not hold one embedding per input
 */
export async function decodeEmbedding(
  to: Dialect,
  answer: Uint8Array,
  context: AnswerContext,
): Promise<WrittenAnswer> {
  const { inputs, encodingFormat } = readEmbeddingRequest(context.request);
  const codec = await codecOf(to);
  // What the AI SDK throws quotes the answer, which may not stand in an error.
  const embeddings = await codec.decode(answer).catch(() => undefined);
  if (embeddings?.length !== inputs.length) throw new UnreadableAnswerError();
  return writeEmbeddingAnswer(embeddings, encodingFormat, context);
}

async function codecOf(to: Dialect): Promise<EmbeddingCodec> {
  const load = CODECS[to];
  if (load === undefined) {
    throw new Error(
      `Embeddings cannot be translated to ${to}; ask canEncodeEmbedding before translating.`,
    );
  }
  return await load();
}
