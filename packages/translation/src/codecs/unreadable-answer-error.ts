/** A provider's answer is not of the shape its dialect promises. Holds nothing of the answer. */
export class UnreadableAnswerError extends Error {
  override name = 'UnreadableAnswerError';

  constructor() {
    super("The provider's answer cannot be read in its dialect, so it cannot be translated.");
  }
}
