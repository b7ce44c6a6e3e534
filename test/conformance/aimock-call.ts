import { converseFrames, messageFrames } from './aws-streams.ts';
import { type JsonObject, isJsonObject } from './json.ts';

/** A vendor's call as aimock takes it, and what makes aimock's answer the vendor's. */
export interface AimockCall {
  path: string;
  body: JsonObject;
  shape: (answer: string) => string | Buffer;
}

/**
 * Aimock knows the vendors' own addresses. Where a platform serves the same API elsewhere, the path
 * is rewritten, and a model that the platform takes from the path goes where the API has it. Of
 * embeddings behind `InvokeModel` and `predict`, which aimock has not, the texts and vectors are
 * moved as well. Answers that Bedrock streams are asked for at once, and framed as AWS does it.
 */
export function aimockCall(path: string, body: JsonObject): AimockCall {
  const claude = /\/publishers\/anthropic\/models\/([^/]+):(?:rawPredict|streamRawPredict)$/.exec(
    path,
  );
  if (claude?.[1] !== undefined) {
    const model = decodeURIComponent(claude[1]);
    return { path: '/v1/messages', body: { ...body, model }, shape: same };
  }
  if (path.endsWith('/v1/messages')) return { path: '/v1/messages', body, shape: same };
  const openAi = /\/(chat\/completions|responses|embeddings)$/.exec(path);
  if (openAi !== null) {
    const shape = body['encoding_format'] === 'base64' ? withBase64 : same;
    return { path: `/v1/${openAi[1]}`, body, shape };
  }
  const google = /\/models\/([^/]+:(?:embedContent|generateContent))$/.exec(path);
  // Vertex's own path for completions is known as it is.
  if (google !== null && !(path.includes('/publishers/') && path.endsWith(':generateContent'))) {
    return { path: `/v1beta/models/${google[1]}`, body, shape: withKnownFinish };
  }
  if (google !== null) return { path, body, shape: withKnownFinish };
  if (path.endsWith(':predict')) return predictedEmbedding(path, body);
  if (path.endsWith('/invoke') && !('messages' in body)) return invokedEmbedding(path, body);
  if (path.endsWith('/converse-stream')) {
    return { path: path.replace(/-stream$/, ''), body, shape: converseFrames };
  }
  if (path.endsWith('/invoke-with-response-stream')) {
    return { path: path.replace(/-with-response-stream$/, ''), body, shape: messageFrames };
  }
  return { path, body, shape: same };
}

function same(answered: string): string {
  return answered;
}

/** Gemini ends a tool call with `STOP`; the word that aimock has for it is none of Google's. */
function withKnownFinish(answered: string): string {
  return answered.replace('"finishReason":"FUNCTION_CALL"', '"finishReason":"STOP"');
}

/** Titan's and Cohere's bodies, as Amazon Bedrock's user guide documents them. */
function invokedEmbedding(path: string, body: JsonObject): AimockCall {
  const input = body['inputText'] ?? body['texts'];
  return {
    path: '/v1/embeddings',
    body: { model: path, input },
    shape(answered) {
      const vectors = readVectors(JSON.parse(answered));
      return JSON.stringify(
        typeof input === 'string'
          ? { embedding: vectors[0], inputTextTokenCount: 5 }
          : { response_type: 'embeddings_by_type', embeddings: { float: vectors } },
      );
    },
  };
}

/** The body of text embedding models, as Google documents it for Vertex AI. */
function predictedEmbedding(path: string, body: JsonObject): AimockCall {
  const instances: unknown = body['instances'];
  const input = Array.isArray(instances)
    ? instances.map((one: unknown) => (isJsonObject(one) ? one['content'] : undefined))
    : undefined;
  return {
    path: '/v1/embeddings',
    body: { model: path, input },
    shape(answered) {
      const predictions = readVectors(JSON.parse(answered)).map((values) => ({
        embeddings: { values, statistics: { token_count: 5, truncated: false } },
      }));
      return JSON.stringify({ predictions });
    },
  };
}

/** Aimock answers numbers alone; OpenAI's other form is little-endian 32-bit floats in base64. */
function withBase64(answered: string): string {
  const answer: unknown = JSON.parse(answered);
  const data = readVectors(answer).map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: Buffer.from(Float32Array.from(readNumbers(vector)).buffer).toString('base64'),
  }));
  return JSON.stringify({ ...(isJsonObject(answer) ? answer : {}), data });
}

function readNumbers(vector: unknown): number[] {
  if (!Array.isArray(vector)) throw new Error('aimock answered an embedding that is no list');
  return vector.map(Number);
}

function readVectors(answer: unknown): unknown[] {
  const data: unknown = isJsonObject(answer) ? answer['data'] : undefined;
  if (!Array.isArray(data)) throw new Error('aimock answered no embeddings');
  return data.map((item: unknown) => (isJsonObject(item) ? item['embedding'] : undefined));
}
