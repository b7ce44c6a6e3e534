import type { LossWarning } from '@understudy/contracts';

/** A part of the caller's body that a call in another dialect does not carry. */
export type Loss = LossWarning;

/**
 * Without this part the request would be another one, so it is not sent without it: an input of a
 * kind that the other dialect has no place for, or a reference that means nothing elsewhere.
 */
export class UntranslatableError extends Error {
  override name = 'UntranslatableError';
  /** Path in the caller's body: `messages[2].content[0].input_audio`. */
  readonly field: string;
  readonly reason: string;

  /** @param reason a clause that completes "… is not carried: " and holds nothing of the prompt */
  constructor(field: string, reason: string) {
    super(`${field} cannot be translated: ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}
