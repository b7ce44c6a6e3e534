import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Loss } from './loss.ts';

/**
 * A completion request that belongs to no dialect: the AI SDK's call options, and beside them what
 * those have no member for but more than one dialect can say.
 */
export interface NeutralRequest {
  options: LanguageModelV4CallOptions;
  extras: RequestExtras;
  /**
   * In the caller's dialect a model that can reason does so where nobody asks, as in OpenAI's and
   * unlike in Anthropic's: to be kept from it is a loss also to who says nothing of it.
   */
  reasonsUnasked?: boolean;
  /** What the caller's body says that neither of the two can hold. */
  losses: Loss[];
}

/** A value with its path in the caller's body, by which a loss of it is told. */
export interface Extra<Value> {
  field: string;
  value: Value;
}

/**
 * Wishes that some dialects share. A codec carries those it can, and reports each of the others as
 * a loss.
 */
export interface RequestExtras {
  /** False: at most one tool call per turn. */
  parallelToolCalls?: Extra<boolean>;
  /** Stable id of the caller's end user. */
  user?: Extra<string>;
  safetyIdentifier?: Extra<string>;
  verbosity?: Extra<string>;
  serviceTier?: Extra<string>;
  metadata?: Extra<Record<string, string>>;
  store?: Extra<boolean>;
  promptCacheKey?: Extra<string>;
  /** Log probabilities of the output tokens, with so many alternatives each. */
  topLogprobs?: Extra<number>;
  logitBias?: Extra<Record<string, number>>;
  /** Tokens a model may think for, where the caller counts them. */
  reasoningBudgetTokens?: Extra<number>;
  /** The caller wants to read a summary of the reasoning: `auto`, `concise`, `detailed`. */
  reasoningSummary?: Extra<string>;
  /** Whether output must match the JSON schema strictly. */
  strictJsonSchema?: Extra<boolean>;
}
