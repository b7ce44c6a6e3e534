import { ask } from '../../api/connection.ts';
import { ActionDialog, textOf } from '../../components/action-dialog.tsx';
import { useApi } from '../../session/use-api.ts';

/** What the operator wants done to a provider. */
export type ProviderAction =
  | { kind: 'pause'; id: string }
  | { kind: 'resume'; id: string }
  /** Of one model under the provider's name for it; `*` for that of the whole provider. */
  | { kind: 'clear-cooldown'; id: string; model: string };

export interface ProviderDialogProps {
  action: ProviderAction;
  onDone(): void;
  onClose(): void;
}

/** Says what an action will do, and does it once that is confirmed. */
export function ProviderDialog({ action, onDone, onClose }: ProviderDialogProps) {
  const api = useApi();
  const params = { path: { id: action.id } };
  const common = { onDone, onClose };
  switch (action.kind) {
    case 'pause':
      return (
        <ActionDialog
          {...common}
          title={`Pause ${action.id}?`}
          verb="Pause"
          act={(form) => {
            const reason = textOf(form, 'reason');
            const body = reason === undefined ? {} : { reason };
            return ask(api.POST('/v1/providers/{id}/pause', { params, body }));
          }}
        >
          <p>
            Within a second no replica starts a call there. Running calls end; jobs go on to their
            next target, or wait where there is none.
          </p>
          <label class="field">
            Reason
            <input name="reason" maxLength={500} placeholder="maintenance until 14:00" />
            <span class="hint">Shown to everybody who looks at this provider.</span>
          </label>
        </ActionDialog>
      );
    case 'resume':
      return (
        <ActionDialog
          {...common}
          title={`Resume ${action.id}?`}
          verb="Resume"
          act={() => ask(api.POST('/v1/providers/{id}/resume', { params }))}
        >
          <p>Jobs are sent there again at once, those that wait for it first.</p>
        </ActionDialog>
      );
    case 'clear-cooldown': {
      const { id, model } = action;
      const what = model === '*' ? id : `${model} at ${id}`;
      return (
        <ActionDialog
          {...common}
          title={`Clear the cool-down of ${what}?`}
          verb="Clear"
          act={() =>
            ask(api.POST('/v1/providers/{id}/clear-cooldown', { params, body: { model } }))
          }
        >
          <p>
            Who waited for it is let in at once, without a probe. If it still cannot answer, it
            cools down again.
          </p>
        </ActionDialog>
      );
    }
    default:
      return action satisfies never;
  }
}
