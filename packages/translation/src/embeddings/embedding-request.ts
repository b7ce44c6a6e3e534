import { UntranslatableError } from '../loss.ts';
import type { Loss } from '../loss.ts';
import type { Extra } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { defined, extra, type ObjectReader, readObject } from '../callers/json-reading.ts';
import { createKnownMembers } from '../callers/known-members.ts';

/** What a body of OpenAI's `embeddings` asks for. */
export interface EmbeddingRequest {
  /** One text per embedding, in the order of the answer; never empty. */
  inputs: readonly string[];
  dimensions?: Extra<number>;
  /** What the texts are embedded for, in Cohere's words, which some servers of this dialect take. */
  inputType?: Extra<string>;
  /** How an embedding stands in the caller's answer: numbers, or little-endian 32-bit floats. */
  encodingFormat: 'float' | 'base64';
  /** What no other dialect has a place for. */
  losses: Loss[];
}

/** @throws UntranslatableError naming the member that no other dialect can say, or that is wrong */
export function readEmbeddingRequest(body: JsonObject): EmbeddingRequest {
  const members = createKnownMembers();
  const request = readObject(body, '', members);
  request.ignore('model');
  request.lose('user', 'has no place in requests for embeddings elsewhere, and is not carried');
  return {
    inputs: readInputs(request),
    ...defined({
      dimensions: extra('dimensions', request.integer('dimensions')),
      inputType: extra('input_type', request.text('input_type')),
    }),
    encodingFormat: readEncodingFormat(request),
    losses: members.losses(),
  };
}

function readInputs(request: ObjectReader): readonly string[] {
  const input = request.value('input');
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0) {
    throw request.error('input', 'it is neither a text nor a list of texts');
  }
  return input.map((value: unknown, index) => {
    if (typeof value === 'string') return value;
    // A bare list of numbers is one input in tokens.
    if (typeof value === 'number') throw request.error('input', TOKENS_MEAN_NOTHING_ELSEWHERE);
    throw new UntranslatableError(
      `input[${index}]`,
      Array.isArray(value) ? TOKENS_MEAN_NOTHING_ELSEWHERE : 'it is not a text',
    );
  });
}

const TOKENS_MEAN_NOTHING_ELSEWHERE = "token ids belong to one vendor's tokenizer";

function readEncodingFormat(request: ObjectReader): EmbeddingRequest['encodingFormat'] {
  const format = request.text('encoding_format') ?? 'float';
  if (format === 'float' || format === 'base64') return format;
  throw request.error('encoding_format', 'it is neither float nor base64');
}
