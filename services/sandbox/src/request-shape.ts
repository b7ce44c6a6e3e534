import { estimateTokens } from './answer-input.ts';

/** A JSON object as a caller sent it. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** The body as an object; anything else counts as an empty one. */
export function requestBody(value: unknown): RequestBody {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is RequestBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function requestedModel(body: RequestBody): string {
  return typeof body['model'] === 'string' ? body['model'] : 'unnamed';
}

/** How many turns or inputs the request carries, in whichever dialect it is. */
export function inputCount(body: RequestBody): number {
  const inputs = body['messages'] ?? body['input'];
  return Array.isArray(inputs) ? inputs.length : Number(inputs !== undefined);
}

export function inputTokens(body: RequestBody): number {
  return estimateTokens(JSON.stringify(body['messages'] ?? body['input'] ?? ''));
}

/** The texts of an embeddings request: one string, or many; token arrays stand for themselves. */
export function embeddingTexts(body: RequestBody): string[] {
  const input = body['input'];
  if (!Array.isArray(input)) return [asText(input)];
  // A flat array of numbers is one input, given as tokens.
  return typeof input[0] === 'number' ? [asText(input)] : input.map(asText);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
