import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { Provider } from '../../api/contract.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useLiveReload } from '../../api/use-live-reload.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { NoProvider } from '../../components/no-provider.tsx';
import { Page } from '../../components/page.tsx';
import { isOperator } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { statisticsTimes } from '../overview/statistics.ts';
import { ProviderCard } from './provider-card.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import type { ProviderAction } from './provider-dialog.tsx';
import '../../components/card-grid.css';
import './providers.css';

const EVERY_MS = 3000;
const STATISTICS_EVERY_MS = 15_000;
const TYPES = ['job.completed', 'job.failed', 'job.attempt_failed'] as const;

/** Every provider: how it does, what keeps jobs from it, and for the operator what to do about it. */
export function ProvidersView() {
  const api = useApi();
  const who = useWho();
  const [action, setAction] = useState<ProviderAction>();
  const listed = useAnswer(
    'providers',
    (signal) => ask(api.GET('/v1/providers', { signal })),
    EVERY_MS,
  );
  const hour = useAnswer(
    'hour',
    (signal) => ask(api.GET('/v1/statistics', { params: { query: {} }, signal })),
    STATISTICS_EVERY_MS,
  );
  const stream = useLiveReload(listed.refresh, { types: TYPES });
  const providers = listed.data?.data;
  useScrollToNamed(providers !== undefined);
  return (
    <Page
      title="Providers"
      about={providers === undefined ? undefined : <Tally providers={providers} />}
      actions={<LiveMark state={stream} />}
    >
      {listed.error !== undefined && <ErrorNote error={listed.error} onRetry={listed.reload} />}
      {providers?.length === 0 && <NoProvider />}
      <div class="card-grid">
        {providers?.map((provider) => (
          <ProviderCard
            key={provider.id}
            provider={provider}
            statistics={hour.data?.providers.find(({ provider: id }) => id === provider.id)}
            times={hour.data === undefined ? [] : statisticsTimes(hour.data)}
            onAct={isOperator(who) ? setAction : undefined}
          />
        ))}
      </div>
      {action !== undefined && (
        <ProviderDialog
          action={action}
          onDone={listed.reload}
          onClose={() => setAction(undefined)}
        />
      )}
    </Page>
  );
}

function Tally({ providers }: { providers: readonly Provider[] }) {
  const alive = providers.filter((provider) => provider.alive).length;
  const paused = providers.filter((provider) => provider.paused !== undefined).length;
  const cooling = providers.filter(({ cooldowns }) => cooldowns.length > 0).length;
  return (
    <span>
      {alive} of {providers.length} with a live worker
      {paused > 0 && ` · ${paused} paused`}
      {cooling > 0 && ` · ${cooling} with a cool-down`}
    </span>
  );
}

/** The browser looked for the part that the address names before it was there. */
function useScrollToNamed(isThere: boolean): void {
  useEffect(() => {
    if (!isThere || location.hash === '') return;
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [isThere]);
}
