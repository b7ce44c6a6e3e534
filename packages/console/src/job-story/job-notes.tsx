import type { Job } from '../api/contract.ts';
import { Icon } from '../components/icon.tsx';
import { Instant } from '../components/instant.tsx';

/** What one should know first: why it failed, or what it waits for. */
export function JobNotes({ job }: { job: Job }) {
  const { error, waiting } = job;
  return (
    <>
      {error !== undefined && (
        <div class="note bad">
          <Icon name="warning" />
          <div>
            <p>{error.message}</p>
            <p class="small">
              <code>{error.code}</code>
              {error.provider !== undefined && ` · decided by ${error.provider}`}
              {error.status_code !== undefined && ` · status ${error.status_code}`}
              {error.rule !== undefined && (
                <>
                  {' · rule '}
                  <code>{error.rule}</code>
                </>
              )}
            </p>
          </div>
        </div>
      )}
      {waiting !== undefined && (
        <div class="note warn">
          <Icon name="warning" />
          <div>
            <p>
              Waiting: {waiting.reason.replaceAll('_', ' ')}; goes on <Instant at={waiting.until} />
            </p>
            {waiting.rooms.length > 0 && (
              <p class="small">
                Whichever opens first takes it:{' '}
                {waiting.rooms.map(({ provider, model }) => `${provider}/${model}`).join(', ')}
              </p>
            )}
          </div>
        </div>
      )}
    </>
  );
}
