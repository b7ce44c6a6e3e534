import type { WebhookEndpoint } from '@understudy/client';
import { useLocation } from 'preact-iso/router';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Instant } from '../../components/instant.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { useAction } from '../../components/use-action.ts';
import { useApi } from '../../session/use-api.ts';
import { deliveryAddress } from './delivery-filter.ts';
import type { EndpointAction } from './endpoint-dialog.tsx';

interface EndpointCardProps {
  endpoint: WebhookEndpoint;
  project: string;
  /** Asks for an action; absent where the key may not do any. */
  onAct: ((action: EndpointAction) => void) | undefined;
  onChanged(): void;
}

const COUNTS_EVERY_MS = 10_000;
const DISABLED_BY: Readonly<Record<string, string>> = {
  by_owner: 'disabled by its owner',
  gone: 'disabled: it answered 410 Gone',
  removed: 'removed',
};

export function EndpointCard({ endpoint, project, onAct, onChanged }: EndpointCardProps) {
  const { id, url, status, description, events, keys } = endpoint;
  return (
    <article class="card endpoint" aria-labelledby={`${id}-url`}>
      <header class="card-head">
        <div>
          <h2 id={`${id}-url`}>{url}</h2>
          {description !== undefined && <p class="small">{description}</p>}
          <p class="mono muted">{id}</p>
        </div>
        <StatusPill status={status} tone={status === 'enabled' ? 'good' : 'warn'} />
      </header>
      {endpoint.disabled_reason !== undefined && (
        <p class="small">{DISABLED_BY[endpoint.disabled_reason] ?? endpoint.disabled_reason}</p>
      )}
      <Counts id={id} project={project} />
      <p class="small">
        <span class="muted">hears of</span> {events.join(', ')}
      </p>
      <ul class="small endpoint-keys">
        {keys.map(({ kind, created_at: made, expires_at: until, public_key: publicKey }) => (
          <li key={made}>
            <span class="muted">signs by</span> {kind === 'ed25519' ? 'Ed25519' : 'HMAC-SHA-256'}
            <span class="muted">
              , key made <Instant at={made} />
              {until !== undefined && (
                <>
                  , gone <Instant at={until} />
                </>
              )}
            </span>
            {publicKey !== undefined && <p class="mono">{publicKey}</p>}
          </li>
        ))}
      </ul>
      {onAct !== undefined && <Actions {...{ endpoint, project, onAct, onChanged }} />}
    </article>
  );
}

function Counts({ id, project }: { id: string; project: string }) {
  const api = useApi(project);
  const { query } = useLocation();
  const { data } = useAnswer(
    id,
    (signal) => ask(api.GET('/v1/webhooks/endpoints/{id}', { params: { path: { id } }, signal })),
    COUNTS_EVERY_MS,
  );
  if (data === undefined) return null;
  return (
    <p class="endpoint-counts small">
      {(['delivered', 'pending', 'dead'] as const).map((state) => (
        <a key={state} href={deliveryAddress({ endpoint: id, state }, query['project'])}>
          {data.deliveries[state].toLocaleString()} {state}
        </a>
      ))}
    </p>
  );
}

interface ActionsProps {
  endpoint: WebhookEndpoint;
  project: string;
  onAct(action: EndpointAction): void;
  onChanged(): void;
}

function Actions({ endpoint, project, onAct, onChanged }: ActionsProps) {
  const api = useApi(project);
  const { id, url } = endpoint;
  const params = { path: { id } };
  const isEnabled = endpoint.status === 'enabled';
  const test = useAction(() =>
    ask(api.POST('/v1/webhooks/endpoints/{id}/test', { params, body: {} })).then(onChanged),
  );
  const enable = useAction(() =>
    ask(api.POST('/v1/webhooks/endpoints/{id}/enable', { params })).then(onChanged),
  );
  const error = test.error ?? enable.error;
  return (
    <>
      {error !== undefined && <ErrorNote error={error} />}
      <footer class="actions">
        {isEnabled && (
          <button type="button" class="button" disabled={test.isBusy} onClick={() => test.run()}>
            Send a test event
          </button>
        )}
        {isEnabled ? (
          <button type="button" class="button" onClick={() => onAct({ kind: 'disable', id, url })}>
            Disable …
          </button>
        ) : (
          <button
            type="button"
            class="button"
            disabled={enable.isBusy}
            onClick={() => enable.run()}
          >
            Enable
          </button>
        )}
        <button type="button" class="button" onClick={() => onAct({ kind: 'rotate', id, url })}>
          Rotate the secret …
        </button>
      </footer>
    </>
  );
}
