import { UnderstudyError } from '@understudy/client';
import { Icon } from './icon.tsx';

export interface ErrorNoteProps {
  error: unknown;
  onRetry?: () => void;
}

/** What the broker's problem document says, with the id by which its operator finds the request. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  const told = error instanceof UnderstudyError ? error : undefined;
  return (
    <div class="note bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {told !== undefined && (
          <p class="small">
            <code>{told.code}</code>
            {told.requestId !== undefined && (
              <>
                {' · request '}
                <code>{told.requestId}</code>
              </>
            )}
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
