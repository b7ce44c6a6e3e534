import type { Provider } from '../../api/contract.ts';
import { StatusPill } from '../../components/status-pill.tsx';
import type { Tone } from '../../components/status-pill.tsx';
import { healthOf } from './provider-health.ts';
import type { ProviderHealth } from './provider-health.ts';

const WORDS: Readonly<Record<ProviderHealth, { text: string; tone: Tone }>> = {
  no_worker: { text: 'no worker', tone: 'bad' },
  trouble: { text: 'account trouble', tone: 'bad' },
  paused: { text: 'paused', tone: 'warn' },
  cooling: { text: 'cooling down', tone: 'warn' },
  partly: { text: 'partly cooling', tone: 'warn' },
  probing: { text: 'probing', tone: 'busy' },
  healthy: { text: 'healthy', tone: 'good' },
};

export function HealthPill({ provider }: { provider: Provider }) {
  const { text, tone } = WORDS[healthOf(provider)];
  return <StatusPill status={text} tone={tone} />;
}
