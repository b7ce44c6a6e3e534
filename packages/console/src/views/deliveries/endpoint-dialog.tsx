import type { WebhookEventType } from '@understudy/client';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { ActionDialog, textOf } from '../../components/action-dialog.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useApi } from '../../session/use-api.ts';

/** What its owner wants done to an endpoint. */
export type EndpointAction =
  | { kind: 'create' }
  | { kind: 'disable'; id: string; url: string }
  | { kind: 'rotate'; id: string; url: string };

interface EndpointDialogProps {
  action: EndpointAction;
  project: string;
  onDone(): void;
  onClose(): void;
}

const EVENTS = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.expired',
  'job.attempt_failed',
  'batch.completed',
  'batch.failed',
  'batch.expired',
  'batch.cancelled',
] as const satisfies readonly WebhookEventType[];
const UNLESS_TOLD: ReadonlySet<string> = new Set(EVENTS.slice(0, 4));

export function EndpointDialog({ action, project, onDone, onClose }: EndpointDialogProps) {
  const api = useApi(project);
  const [secret, setSecret] = useState<string>();
  if (secret !== undefined) {
    return (
      <SecretDialog
        title="The endpoint's secret"
        secret={secret}
        about="The receiver verifies by it that a delivery is ours."
        onClose={onClose}
      />
    );
  }
  const common = { onDone, onClose };
  switch (action.kind) {
    case 'create':
      return (
        <ActionDialog
          {...common}
          title="New endpoint"
          verb="Register"
          staysOpen
          act={async (form) => {
            const description = textOf(form, 'description');
            const body = {
              url: textOf(form, 'url') ?? '',
              events: EVENTS.filter((event) => form.getAll('event').includes(event)),
              ...(description === undefined ? {} : { description }),
            };
            const made = await ask(api.POST('/v1/webhooks/endpoints', { body }));
            setSecret(made.secret);
          }}
        >
          <NewEndpointFields />
        </ActionDialog>
      );
    case 'disable': {
      const params = { path: { id: action.id } };
      return (
        <ActionDialog
          {...common}
          title="Disable this endpoint?"
          verb="Disable"
          isDangerous
          act={() => ask(api.POST('/v1/webhooks/endpoints/{id}/disable', { params }))}
        >
          <p class="mono">{action.url}</p>
          <p>
            Nothing more is sent there. What is pending becomes a dead letter and can be replayed.
          </p>
        </ActionDialog>
      );
    }
    case 'rotate':
      return (
        <ActionDialog
          {...common}
          title="Rotate the secret?"
          verb="Rotate"
          staysOpen
          act={async (form) => {
            const body = { grace_period: textOf(form, 'grace') ?? '24h' };
            const params = { path: { id: action.id } };
            const made = await ask(
              api.POST('/v1/webhooks/endpoints/{id}/rotate', { params, body }),
            );
            setSecret(made.secret);
          }}
        >
          <p class="mono">{action.url}</p>
          <p>
            A new secret signs at once; the old one signs beside it until the grace period is over.
          </p>
          <label class="field">
            Grace period
            <input name="grace" defaultValue="24h" />
            <span class="hint">Such as 24h or 30m; 0s ends the old secret at once.</span>
          </label>
        </ActionDialog>
      );
    default:
      return action satisfies never;
  }
}

function NewEndpointFields() {
  return (
    <>
      <label class="field">
        URL
        <input
          name="url"
          type="url"
          required
          placeholder="https://backend.example.com/understudy"
        />
      </label>
      <label class="field">
        What it is
        <input name="description" maxLength={500} />
      </label>
      <fieldset>
        <legend>It hears of</legend>
        <div class="checks">
          {EVENTS.map((event) => (
            <label key={event} class="check">
              <input
                type="checkbox"
                name="event"
                value={event}
                defaultChecked={UNLESS_TOLD.has(event)}
              />
              {event}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
