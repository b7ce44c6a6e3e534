import type { WebhookDelivery } from '@understudy/client';
import { useAction } from '../../components/use-action.ts';
import { useApi } from '../../session/use-api.ts';
import { redeliver } from './delivery-answers.ts';

interface ReplayButtonProps {
  delivery: WebhookDelivery;
  project: string | undefined;
  onReplayed(): void;
}

/** Sends the same event again; one that is pending is under way already. */
export function ReplayButton({ delivery, project, onReplayed }: ReplayButtonProps) {
  const api = useApi(project);
  const { run, isBusy, error } = useAction(async () => {
    await redeliver(api, delivery.id);
    onReplayed();
  });
  const why = error instanceof Error ? error.message : undefined;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={isBusy || delivery.state === 'pending'}
        aria-label={`Replay ${delivery.event.type} ${delivery.id}`}
        onClick={() => run()}
      >
        Replay
      </button>
      {why !== undefined && (
        <p class="small replay-error" role="alert">
          {why}
        </p>
      )}
    </>
  );
}
