import type { Provider } from '../../api/contract.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { absolute } from '../../components/instant.tsx';
import { useNow } from '../../components/use-now.ts';
import type { ProviderAction } from './provider-dialog.tsx';
import type { ProviderCooldown } from './provider-health.ts';

interface CooldownListProps {
  provider: Provider;
  onAct: ((action: ProviderAction) => void) | undefined;
}

/** What the provider is spared for now: which model, why, until when, and how many jobs wait for it. */
export function CooldownList({ provider, onAct }: CooldownListProps) {
  const { id, cooldowns, waiting } = provider;
  if (cooldowns.length === 0) return null;
  return (
    <section>
      <h3>Cool-downs</h3>
      <ul class="cooldowns">
        {cooldowns.map((cooldown) => {
          const isWhole = cooldown.scope === 'provider';
          const rooms = waiting.filter(({ model }) => isWhole || model === cooldown.model);
          const jobs = rooms.reduce((sum, { count }) => sum + count, 0);
          return (
            <li key={`${cooldown.scope} ${cooldown.model}`}>
              <div>
                <strong>{isWhole ? 'All models' : <code>{cooldown.model}</code>}</strong>
                {cooldown.alert && <span class="pill bad">account</span>}
                <p class="small muted">
                  <code>{cooldown.rule}</code>
                  {cooldown.failures > 1 && ` · ${cooldown.failures} failures`}
                  {jobs > 0 &&
                    ` · ${jobs.toLocaleString()} ${jobs === 1 ? 'job waits' : 'jobs wait'}`}
                </p>
              </div>
              <CountDown cooldown={cooldown} />
              {onAct !== undefined && (
                <button
                  type="button"
                  class="button"
                  aria-label={`Clear the cool-down of ${isWhole ? id : cooldown.model}`}
                  onClick={() => onAct({ kind: 'clear-cooldown', id, model: cooldown.model })}
                >
                  Clear …
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function CountDown({ cooldown: { state, until } }: { cooldown: ProviderCooldown }) {
  const now = useNow();
  const leftMs = Date.parse(until) - now;
  if (state === 'half_open' || leftMs <= 0) return <span class="pill busy">probing</span>;
  return (
    <time class="number" dateTime={until} title={absolute(until)}>
      {formatDuration(Math.ceil(leftMs / 1000) * 1000)} left
    </time>
  );
}
