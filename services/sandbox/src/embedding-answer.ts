import { createHash } from 'node:crypto';

/** An answer of `POST /v1/embeddings`: one unit vector per input, the same for the same text. */
export function embeddingAnswer(input: {
  model: string;
  texts: readonly string[];
  inputTokens: number;
  encoding: 'float' | 'base64';
}) {
  return {
    object: 'list',
    data: input.texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encode(unitVector(text), input.encoding),
    })),
    model: input.model,
    usage: { prompt_tokens: input.inputTokens, total_tokens: input.inputTokens },
  };
}

function unitVector(text: string): Float32Array {
  const digest = createHash('sha256').update(text).digest();
  const vector = Float32Array.from(digest.subarray(0, 16), (byte) => byte - 127.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** `base64` is what the official SDK asks for by default: little-endian float32. */
function encode(vector: Float32Array, encoding: 'float' | 'base64'): number[] | string {
  if (encoding === 'float') return [...vector];
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
