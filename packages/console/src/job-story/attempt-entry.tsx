import type { Attempt } from '../api/contract.ts';
import { Duration } from '../components/duration.tsx';
import { Icon } from '../components/icon.tsx';
import { StatusPill } from '../components/status-pill.tsx';
import { AttemptDetails } from './attempt-details.tsx';
import { Track } from './track.tsx';
import type { Bar } from './track.tsx';
import type { AttemptRow } from './waterfall-rows.ts';

/** One attempt as a row of the waterfall; opened, it tells everything that is known of it. */
export function AttemptEntry({ row, totalMs }: { row: AttemptRow; totalMs: number }) {
  const { attempt, queued, call } = row;
  const bars: Bar[] = [
    ...(queued === undefined ? [] : [{ ...queued, look: 'in-queue' }]),
    { ...call, look: `call ${attempt.outcome}` },
  ];
  return (
    <li>
      <details class="attempt">
        <summary class="waterfall-row">
          <div class="waterfall-name">
            <span>
              <span class="waterfall-number muted">{attempt.number}</span>
              <strong>{attempt.provider}</strong>
            </span>
            <span class="small muted mono">{modelOf(attempt)}</span>
          </div>
          <Track totalMs={totalMs} bars={bars} />
          <div class="waterfall-end">
            <Duration ms={attempt.outcome === 'skipped' ? undefined : attempt.duration_ms} />
            <StatusPill status={attempt.outcome} />
            {attempt.status_code !== undefined && (
              <span class="number muted">{attempt.status_code}</span>
            )}
            <span class="waterfall-rule small muted">{whatFollowed(attempt)}</span>
          </div>
          <span class="waterfall-open">
            <Icon name="next" />
          </span>
        </summary>
        <AttemptDetails attempt={attempt} />
      </details>
    </li>
  );
}

function modelOf({
  model_sent: sent,
  model_drawn: drawn,
  model_requested: requested,
}: Attempt): string {
  return sent ?? drawn ?? requested;
}

/** The rule that decided, in short, and how often where equal attempts are one. */
function whatFollowed({ rule, count }: Attempt): string {
  const times = count !== undefined && count > 1 ? ` × ${count}` : '';
  return rule === undefined ? '' : `${rule}${times}`;
}
