/** Why Understudy cannot start, with the remedy; printed as it is, without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}
