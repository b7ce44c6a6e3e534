import type { Attempt } from '@understudy/contracts';
import { instant } from '../answers/instant.ts';
import type { AttemptView } from '../schemas/job-schemas.ts';

/** An attempt as its job's owner sees it: instants as text, nothing internal. */
export function renderAttempt(attempt: Attempt): AttemptView {
  const { token: _internal, started_at, first_at, last_at, cooldown, ...rest } = attempt;
  return {
    ...rest,
    started_at: instant(started_at),
    ...(first_at === undefined ? {} : { first_at: instant(first_at) }),
    ...(last_at === undefined ? {} : { last_at: instant(last_at) }),
    ...(cooldown === undefined
      ? {}
      : { cooldown: { ...cooldown, until: instant(cooldown.until) } }),
  };
}
