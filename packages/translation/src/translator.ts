import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import type { Loss } from './loss.ts';
import type { NeutralRequest } from './neutral-request.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What an answer in a caller's dialect needs beside the model's words. */
export interface AnswerContext {
  /** Of the answer object, without prefix: each dialect puts its own before it. */
  id: string;
  /** The model that answered, as the provider names it. */
  model: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  usage: Usage;
  /** The caller's own body, of which some dialects repeat parts in the answer. */
  request: JsonObject;
}

/** One caller dialect: its requests read, its answers written. Pure. */
export interface CallerDialectTranslator {
  /** @throws UntranslatableError for what no other dialect can say and cannot be left out */
  read(body: JsonObject): NeutralRequest;
  /** Where a call option stands in this dialect's body: `maxOutputTokens` → `max_tokens`. */
  fieldOf(option: string): string;
  write(result: LanguageModelV4GenerateResult, context: AnswerContext): WrittenAnswer;
}

export interface WrittenAnswer {
  body: JsonObject;
  /** Parts of the model's answer that the dialect has no place for. */
  losses: Loss[];
}

/** One dialect in which providers are called: requests encoded, answers decoded. No I/O. */
export interface ProviderDialectCodec {
  /**
   * @param model our name of the model where there is one, else the provider's: what is known of
   *   single models goes by it; the name that is sent is set later
   * @throws UntranslatableError
   */
  encode(request: NeutralRequest, model: string): Promise<EncodedRequest>;
  /** Decodes a good answer to a request that `encode` made. */
  decode(
    request: NeutralRequest,
    model: string,
    answer: Uint8Array,
  ): Promise<LanguageModelV4GenerateResult>;
}

export interface EncodedRequest {
  body: JsonObject;
  /** Call options and extras that are not carried; the field is the option's own name. */
  losses: Loss[];
  /** Values of `anthropic-beta` that the body needs. */
  betas: string[];
}
