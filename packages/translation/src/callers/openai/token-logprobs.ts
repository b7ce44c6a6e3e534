import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { JsonObject } from '../../translator.ts';
import { isNumber, isObject, isText } from '../json-reading.ts';

/** A token of the answer, with the log probabilities of it and of its alternatives. */
export interface TokenLogprob extends TokenProbability {
  top_logprobs: TokenProbability[];
}

interface TokenProbability {
  token: string;
  logprob: number;
  /** Of the token in UTF-8. */
  bytes: number[];
}

/**
 * The log probabilities that an OpenAI-shaped provider gave. The AI SDK lists them per answer in
 * chat completions, and per part of it in responses; it leaves out their bytes.
 * @param request the caller's body: a codec may have asked for more alternatives than it did
 */
export function readTokenLogprobs(
  metadata: LanguageModelV4GenerateResult['providerMetadata'],
  request: JsonObject,
): TokenLogprob[] | undefined {
  const lists = Object.values(metadata ?? {}).map(({ logprobs }) => logprobs);
  const list: unknown = lists.find((logprobs) => Array.isArray(logprobs));
  const { top_logprobs: wanted } = request;
  const count = isNumber(wanted) ? wanted : 0;
  return Array.isArray(list) ? list.flat().flatMap((entry) => readToken(entry, count)) : undefined;
}

function readToken(entry: unknown, count: number): TokenLogprob[] {
  const alternatives: unknown = isObject(entry) ? entry['top_logprobs'] : undefined;
  const all = Array.isArray(alternatives) ? alternatives.flatMap(readProbability) : [];
  const top = all.slice(0, count);
  return readProbability(entry).map((probability) => ({ ...probability, top_logprobs: top }));
}

function readProbability(entry: unknown): TokenProbability[] {
  if (!isObject(entry)) return [];
  const { token, logprob } = entry;
  return isText(token) && isNumber(logprob)
    ? [{ token, logprob, bytes: [...Buffer.from(token)] }]
    : [];
}
