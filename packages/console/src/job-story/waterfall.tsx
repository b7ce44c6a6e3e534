import { Duration } from '../components/duration.tsx';
import { formatDuration } from '../components/format-duration.ts';
import { useNow } from '../components/use-now.ts';
import type { Job } from '../api/contract.ts';
import { AttemptEntry } from './attempt-entry.tsx';
import { Track } from './track.tsx';
import { waterfallRows } from './waterfall-rows.ts';
import type { NowRow, WaitRow } from './waterfall-rows.ts';
import './waterfall.css';

/** What a job's time went to: one row per attempt and wait, on one axis from the submit on. */
export function Waterfall({ job }: { job: Job }) {
  const now = useNow();
  const { rows, totalMs } = waterfallRows(job, now);
  return (
    <section class="card waterfall" aria-label="Attempts">
      <div class="card-head">
        <h2>Attempts</h2>
        <Legend />
      </div>
      <div class="waterfall-axis" aria-hidden="true">
        <span>0</span>
        <span>{formatDuration(totalMs / 2)}</span>
        <span>{formatDuration(totalMs)}</span>
      </div>
      <ol class="waterfall-rows">
        {rows.map((row) => {
          if (row.kind === 'attempt') {
            return (
              <AttemptEntry key={`attempt ${row.attempt.number}`} row={row} totalMs={totalMs} />
            );
          }
          if (row.kind === 'wait') {
            return (
              <WaitEntry
                key={`wait ${row.wait.started_at}`}
                row={row}
                totalMs={totalMs}
                job={job}
              />
            );
          }
          return <NowEntry key="now" row={row} totalMs={totalMs} />;
        })}
      </ol>
    </section>
  );
}

function Legend() {
  return (
    <ul class="legend small muted">
      <li class="in-queue">in a queue</li>
      <li class="calling">with a provider</li>
      <li class="waiting">waiting</li>
    </ul>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  cooling_down: 'Every target that is left cools down',
  paused: 'Every target that is left is paused',
  backoff: 'Between two rounds',
  interrupted: 'After an interrupted start',
};

function WaitEntry({ row, totalMs, job }: { row: WaitRow; totalMs: number; job: Job }) {
  const { wait, span, isOpen } = row;
  const rooms = isOpen ? (job.waiting?.rooms ?? []) : [];
  return (
    <li class="waterfall-row plain">
      <div class="waterfall-name">
        <span class="muted">{REASONS[wait.reason] ?? wait.reason}</span>
        {rooms.length > 0 && (
          <span class="small muted">
            released by {rooms.map(({ provider, model }) => `${provider}/${model}`).join(' or ')}
          </span>
        )}
      </div>
      <Track totalMs={totalMs} bars={[{ ...span, look: isOpen ? 'waiting open' : 'waiting' }]} />
      <div class="waterfall-end">
        <Duration ms={span.toMs - span.fromMs} />
        {isOpen && <span class="pill busy">waiting</span>}
      </div>
    </li>
  );
}

function NowEntry({ row, totalMs }: { row: NowRow; totalMs: number }) {
  const isCalling = row.status === 'in_progress';
  return (
    <li class="waterfall-row plain">
      <div class="waterfall-name">
        <span>{isCalling ? 'A provider is asked …' : 'In the queue of the next target …'}</span>
      </div>
      <Track
        totalMs={totalMs}
        bars={[{ ...row.span, look: isCalling ? 'calling open' : 'in-queue open' }]}
      />
      <div class="waterfall-end">
        <Duration ms={row.span.toMs - row.span.fromMs} />
        <span class="pill busy">{isCalling ? 'running' : 'queued'}</span>
      </div>
    </li>
  );
}
