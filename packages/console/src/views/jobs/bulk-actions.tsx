import { useState } from 'preact/hooks';
import { maySubmit, seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { BulkActionName } from './use-bulk-action.ts';
import type { JobFilter } from './job-filter.ts';

export interface BulkActionsProps {
  filter: JobFilter;
  /** Something was changed. */
  onDone(): void;
}

/** What can be done to all jobs that match, on however many pages. */
export function BulkActions({ filter, onDone }: BulkActionsProps) {
  const who = useWho();
  const [action, setAction] = useState<BulkActionName>();
  if (!maySubmit(who)) return null;
  const isSpread = seesAllProjects(who);
  const title = isSpread ? 'Choose one project first: this acts on the jobs of one' : undefined;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={isSpread}
        title={title}
        onClick={() => setAction('retry')}
      >
        Retry all …
      </button>
      <button
        type="button"
        class="button"
        disabled={isSpread}
        title={title}
        onClick={() => setAction('cancel')}
      >
        Cancel all …
      </button>
      {action !== undefined && (
        <BulkDialog
          action={action}
          filter={filter}
          onClose={(isChanged) => {
            setAction(undefined);
            if (isChanged) onDone();
          }}
        />
      )}
    </>
  );
}
