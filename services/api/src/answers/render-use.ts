import type { Use } from '@understudy/limits';

/** What was used, in the words of the limits. */
export function renderUse({ requests, jobsWaiting, bytesStored, spentToday }: Use) {
  return {
    ...(requests === undefined ? {} : { requests_per_minute: requests }),
    ...(jobsWaiting === undefined ? {} : { jobs_waiting: jobsWaiting }),
    bytes_stored: bytesStored,
    spend_per_day: spentToday,
  };
}
