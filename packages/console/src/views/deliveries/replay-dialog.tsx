import type { WebhookReplay } from '@understudy/client';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionDialog, textOf } from '../../components/action-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useApi } from '../../session/use-api.ts';
import { fromLocalInput } from './delivery-filter.ts';
import { replayOutcome } from './replay-outcome.ts';

interface ReplayDialogProps {
  /** The endpoint that is looked at, if one is. */
  endpoint: string | undefined;
  project: string;
  onDone(): void;
  onClose(): void;
}

/** All dead letters of an endpoint again, or all that was made since a time. */
export function ReplayDialog({ endpoint, project, onDone, onClose }: ReplayDialogProps) {
  const api = useApi(project);
  const [outcome, setOutcome] = useState<string>();
  const endpoints = useAnswer('endpoints', (signal) =>
    ask(api.GET('/v1/webhooks/endpoints', { signal })),
  );
  const replay = async (form: FormData): Promise<void> => {
    const id = textOf(form, 'endpoint') ?? '';
    const body = wishOf(form);
    const params = { path: { id } };
    const answer = await ask(api.POST('/v1/webhooks/endpoints/{id}/redeliver', { params, body }));
    setOutcome(replayOutcome(answer, body.dead_letters === true));
  };
  if (outcome !== undefined) {
    return (
      <Dialog title="Replayed" onClose={onClose}>
        <p role="status">{outcome}</p>
      </Dialog>
    );
  }
  return (
    <ActionDialog
      title="Replay deliveries"
      verb="Replay"
      act={replay}
      onDone={onDone}
      onClose={onClose}
      staysOpen
    >
      <p>
        The receiver gets the same events with the same ids again: it must drop what it has handled.
      </p>
      <label class="field">
        Endpoint
        <input
          name="endpoint"
          required
          list="replay-endpoints"
          placeholder="we_… or cb_…"
          spellcheck={false}
          defaultValue={endpoint ?? ''}
        />
        <datalist id="replay-endpoints">
          {endpoints.data?.data.map(({ id, url }) => (
            <option key={id} value={id}>
              {url}
            </option>
          ))}
        </datalist>
      </label>
      <fieldset>
        <legend>What</legend>
        <label class="check">
          <input type="radio" name="what" value="dead" defaultChecked />
          Dead letters alone
        </label>
        <label class="check">
          <input type="radio" name="what" value="all" />
          Everything since the time below
        </label>
      </fieldset>
      <label class="field">
        Since
        <input type="datetime-local" name="since" />
        <span class="hint">Without a time: all dead letters that are kept.</span>
      </label>
    </ActionDialog>
  );
}

/** @throws Error when all is to be replayed without saying since when */
function wishOf(form: FormData): WebhookReplay {
  const since = fromLocalInput(textOf(form, 'since') ?? '');
  const isDeadAlone = form.get('what') === 'dead';
  if (!isDeadAlone && since === undefined)
    throw new Error('Say since when everything is replayed.');
  return {
    ...(isDeadAlone ? { dead_letters: true as const } : {}),
    ...(since === undefined ? {} : { since }),
  };
}
