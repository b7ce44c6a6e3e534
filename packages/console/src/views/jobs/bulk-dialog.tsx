import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { FilterWords } from './filter-words.tsx';
import type { JobFilter } from './job-filter.ts';
import { useBulkAction } from './use-bulk-action.ts';
import type { BulkAction, BulkActionName } from './use-bulk-action.ts';

export interface BulkDialogProps {
  action: BulkActionName;
  filter: JobFilter;
  onClose(isChanged: boolean): void;
}

const WORDS = {
  cancel: {
    title: 'Cancel all that match',
    verb: 'Cancel',
    done: 'cancelled',
    about: 'Jobs that have ended stay as they are. Open calls are broken off.',
  },
  retry: {
    title: 'Retry all that match',
    verb: 'Retry',
    done: 'submitted again',
    about:
      'Each becomes a new job with the same request; the old ones stay as they are. ' +
      'Completed jobs are meant only where the filter names that status.',
  },
} as const;

/** First counts, then asks, then does, and tells what became of it. */
export function BulkDialog({ action, filter, onClose }: BulkDialogProps) {
  const bulk = useBulkAction(action, filter);
  const words = WORDS[action];
  const close = (): void => onClose(bulk.isBegun);
  return (
    <Dialog title={words.title} onClose={close} actions={<Choices {...{ action, bulk, close }} />}>
      <p>
        <FilterWords filter={filter} />
      </p>
      <p class="muted small">{words.about}</p>
      <div role="status" class="stack">
        <Progress action={action} bulk={bulk} />
      </div>
      {bulk.error !== undefined && <ErrorNote error={bulk.error} />}
    </Dialog>
  );
}

interface PartProps {
  action: BulkActionName;
  bulk: BulkAction;
}

function Progress({ action, bulk }: PartProps) {
  const { phase, matched, done, skipped } = bulk;
  const skippedCount = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  if (phase === 'counting') return <p>Counting … {matched.toLocaleString('en')}</p>;
  if (phase === 'asking') {
    return <p>{matched === 0 ? 'No job matches.' : <strong>{jobs(matched)} match.</strong>}</p>;
  }
  return (
    <>
      {(phase === 'doing' || phase === 'stopping') && (
        <progress max={matched} value={done + skippedCount} aria-label="Progress" />
      )}
      <p>
        <strong>{jobs(done)}</strong> {WORDS[action].done}
        {phase === 'stopping' && ', stopping …'}
        {phase === 'stopped' && ', then stopped'}.
      </p>
      {skipped.size > 0 && (
        <ul>
          {[...skipped].map(([code, count]) => (
            <li key={code}>
              {jobs(count)} left alone: <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Choices({ action, bulk, close }: PartProps & { close(): void }) {
  const { phase, matched } = bulk;
  const isOver = phase === 'stopping' || phase === 'done' || phase === 'stopped';
  const isPrimary = isOver && phase !== 'stopped';
  const doing = action === 'cancel' ? 'button danger' : 'button primary';
  return (
    <>
      {phase === 'doing' ? (
        <button type="button" class="button" onClick={bulk.stop}>
          Stop
        </button>
      ) : (
        <button type="button" class={isPrimary ? 'button primary' : 'button'} onClick={close}>
          {isOver ? 'Close' : 'Back'}
        </button>
      )}
      {phase === 'stopped' && (
        <button type="button" class={doing} onClick={bulk.goOn}>
          Go on
        </button>
      )}
      {!isOver && (
        <button
          type="button"
          class={doing}
          disabled={phase !== 'asking' || matched === 0}
          onClick={bulk.start}
        >
          {WORDS[action].verb} {phase === 'asking' ? jobs(matched) : ''}
        </button>
      )}
    </>
  );
}

function jobs(count: number): string {
  return count === 1 ? '1 job' : `${count.toLocaleString('en')} jobs`;
}
