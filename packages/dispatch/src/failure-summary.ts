import type { Attempt, JobError } from '@understudy/contracts';

/**
 * Why a job failed, for its caller: the last thing a provider said that means something, else the
 * last fault, else the last reason for passing a target over.
 */
export function failureSummary(
  code: string,
  message: string,
  attempts: readonly Attempt[],
): JobError {
  const newestFirst = attempts.toReversed();
  const deciding =
    newestFirst.find(({ outcome, status_code: status }) => outcome === 'failed' && status) ??
    newestFirst.find(({ outcome }) => outcome === 'failed') ??
    newestFirst.find(({ outcome }) => outcome === 'skipped');
  if (deciding === undefined) return { code, message };
  const said = deciding.error?.message;
  return {
    code,
    message: said === undefined ? message : `${message}; last answer: ${said}`,
    provider: deciding.provider,
    ...(deciding.status_code === undefined ? {} : { status_code: deciding.status_code }),
    ...(deciding.rule === undefined ? {} : { rule: deciding.rule }),
    ...(deciding.error === undefined ? {} : { provider_error: deciding.error }),
  };
}
