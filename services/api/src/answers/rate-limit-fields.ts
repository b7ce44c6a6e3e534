import type { Counted, PolicyState } from '@understudy/limits';

const CENTS_PER_USD = 100;

/** Parameters of a policy beside its quota. Structured fields have no unit for money. */
const PARAMETERS: Readonly<Record<Counted, string>> = {
  requests_per_minute: ';w=60',
  jobs_waiting: ';qu="concurrent-requests"',
  bytes_stored: ';qu="content-bytes"',
  spend_per_day: ';w=86400;qu="usd-cents"',
};

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11: which policies hold, and what remains of
 * each. Quotas are whole numbers there, so money is told in cents.
 */
export function rateLimitFields(states: readonly PolicyState[]): {
  'ratelimit-policy': string;
  ratelimit: string;
} {
  const policies = states.map(
    ({ name, limit, quota }) => `"${name}";q=${whole(limit, quota)}${PARAMETERS[limit]}`,
  );
  const remaining = states.map(({ name, limit, quota, used, resetSeconds }) => {
    const reset = resetSeconds === undefined ? '' : `;t=${resetSeconds}`;
    return `"${name}";r=${whole(limit, Math.max(0, quota - used))}${reset}`;
  });
  return { 'ratelimit-policy': policies.join(', '), ratelimit: remaining.join(', ') };
}

function whole(limit: Counted, amount: number): number {
  return Math.floor(limit === 'spend_per_day' ? amount * CENTS_PER_USD : amount);
}
