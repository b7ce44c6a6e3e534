import type { Attempt, JobEnd, ProviderErrorDetails } from '@understudy/contracts';

const FORGOTTEN = 'what the provider said was forgotten, as the request asked';

/** Of what a provider said of a failure its own names for it; a text may repeat a prompt. */
function errorNames({ type, code }: ProviderErrorDetails): ProviderErrorDetails {
  return {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
  };
}

/** An attempt without what a provider said. */
export function attemptWithoutPayload(attempt: Attempt): Attempt {
  const { error } = attempt;
  return error === undefined ? attempt : { ...attempt, error: errorNames(error) };
}

/**
 * The end of a job without what a provider said; usage and cost stay.
 * @param message instead of the one that repeats what was said
 */
export function endWithoutPayload(end: JobEnd, message: string = FORGOTTEN): JobEnd {
  const { error } = end;
  if (error?.provider_error === undefined) return end;
  const { provider_error: said, ...rest } = error;
  return {
    ...end,
    error: { ...rest, message, provider_error: errorNames(said) },
  };
}
