import type { Usage } from '@understudy/contracts';

/** What the broker reads from a provider's good answer; the answer itself passes on as bytes. */
export interface Answer {
  /** The model the provider says it used. */
  modelServed?: string;
  usage: Usage;
  /** The model declined to answer: a success that is flagged. */
  refusal: boolean;
  /** The vendor's id of the response object. */
  responseId?: string;
}
