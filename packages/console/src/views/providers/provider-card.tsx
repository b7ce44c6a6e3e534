import type { Provider, Statistics } from '../../api/contract.ts';
import { Duration } from '../../components/duration.tsx';
import { Instant } from '../../components/instant.tsx';
import { Meter } from '../../components/meter.tsx';
import { useNow } from '../../components/use-now.ts';
import { CooldownList } from './cooldown-list.tsx';
import { ErrorChart } from './error-chart.tsx';
import { HealthPill } from './health-pill.tsx';
import type { ProviderAction } from './provider-dialog.tsx';
import { jobsBefore, oldestMs } from './provider-health.ts';

export interface ProviderCardProps {
  provider: Provider;
  /** Of the last hour; absent where it was not called. */
  statistics: Statistics['providers'][number] | undefined;
  times: readonly number[];
  /** Asks for an action; absent where the key may not do any. */
  onAct: ((action: ProviderAction) => void) | undefined;
}

export function ProviderCard({ provider, statistics, times, onAct }: ProviderCardProps) {
  const { id, kind, base_url: baseUrl, dialects } = provider;
  return (
    <article class="card provider" id={id} aria-labelledby={`${id}-name`}>
      <header class="card-head">
        <div class="provider-name">
          <h2 id={`${id}-name`}>{id}</h2>
          <p class="small muted">
            {kind} · {dialects.length === 0 ? 'dialects unknown' : dialects.join(', ')}
          </p>
          {baseUrl !== undefined && <p class="mono muted">{baseUrl}</p>}
        </div>
        <HealthPill provider={provider} />
      </header>
      <Notices provider={provider} />
      <Load provider={provider} />
      <CooldownList provider={provider} onAct={onAct} />
      <StaleNames provider={provider} />
      <LastHour statistics={statistics} times={times} provider={id} />
      {onAct !== undefined && (
        <footer class="actions">
          <button
            type="button"
            class="button"
            onClick={() => onAct({ kind: provider.paused === undefined ? 'pause' : 'resume', id })}
          >
            {provider.paused === undefined ? 'Pause …' : 'Resume …'}
          </button>
        </footer>
      )}
    </article>
  );
}

function Notices({ provider: { alive, registered, kind, paused } }: { provider: Provider }) {
  return (
    <>
      {!alive && (
        <p class="note bad small">
          <span>
            {registered ? 'No worker has told of it for 30 s.' : 'No worker ever told of it.'} Jobs
            go on to the next target; start worker-{kind}.
          </span>
        </p>
      )}
      {paused !== undefined && (
        <p class="note warn small">
          <span>
            Paused <Instant at={paused.since} />
            {paused.reason === undefined ? '.' : `: ${paused.reason}`}
          </span>
        </p>
      )}
    </>
  );
}

function Load({ provider }: { provider: Provider }) {
  const { in_use: inUse, concurrency, requests_per_minute: perMinute } = provider;
  return (
    <div class="provider-load">
      <Meter label="Calls running" value={inUse} limit={concurrency} />
      <Meter
        label="Calls in the last minute"
        value={provider.requests_last_minute}
        limit={perMinute}
      />
      <p class="provider-waiting">
        <span class="muted">Jobs before it</span>
        <span class="number">
          {jobsBefore(provider).toLocaleString()}
          {oldestMs(provider) !== undefined && (
            <>
              , oldest <Duration ms={oldestMs(provider)} />
            </>
          )}
        </span>
      </p>
    </div>
  );
}

function StaleNames({ provider: { stale_names: names } }: { provider: Provider }) {
  const now = useNow();
  if (names.length === 0) return null;
  return (
    <section>
      <h3>Names it does not know</h3>
      <ul class="plain-list small">
        {names.map(({ model, since, until, rule, failures }) => (
          <li key={model}>
            <code>{model}</code>{' '}
            <span class="muted">
              {rule}, {failures}×, first <Instant at={since} />;{' '}
              {Date.parse(until) <= now ? (
                'the next job asks again'
              ) : (
                <>
                  asked again <Instant at={until} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LastHourProps {
  statistics: Statistics['providers'][number] | undefined;
  times: readonly number[];
  provider: string;
}

function LastHour({ statistics, times, provider }: LastHourProps) {
  if (statistics === undefined || statistics.attempts === 0) {
    return <p class="small muted">Not called in the last hour.</p>;
  }
  const { attempts, succeeded, skipped, interrupted, latency_ms: latency } = statistics;
  return (
    <section class="provider-hour">
      <h3>Last hour</h3>
      <dl class="provider-figures">
        <div>
          <dt>Attempts</dt>
          <dd class="number">{attempts.toLocaleString()}</dd>
        </div>
        <div>
          <dt>Succeeded</dt>
          <dd class="number">{succeeded.toLocaleString()}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd class="number">{statistics.failed.toLocaleString()}</dd>
        </div>
        {skipped > 0 && (
          <div>
            <dt>Skipped</dt>
            <dd class="number">{skipped.toLocaleString()}</dd>
          </div>
        )}
        {interrupted > 0 && (
          <div>
            <dt>Interrupted</dt>
            <dd class="number">{interrupted.toLocaleString()}</dd>
          </div>
        )}
        <div>
          <dt>Latency p50</dt>
          <dd>
            <Duration ms={latency?.p50} />
          </dd>
        </div>
        <div>
          <dt>Latency p95</dt>
          <dd>
            <Duration ms={latency?.p95} />
          </dd>
        </div>
      </dl>
      <ErrorChart statistics={statistics} times={times} provider={provider} />
    </section>
  );
}
