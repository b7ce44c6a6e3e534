/** What every dialect's answer is made from. */
export interface AnswerInput {
  /** Echoed as the model that served. */
  model: string;
  text: string;
  inputTokens: number;
  createdAtSeconds: number;
}

/** About four characters make a token of English text; good enough for made-up usage. */
export function estimateTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
