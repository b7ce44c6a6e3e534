import type { Provider } from '../../../api/contract.ts';

/** A provider in good health, but for what is said otherwise. */
export function provider(changes: Partial<Provider> = {}): Provider {
  return {
    object: 'provider',
    id: 'vendor',
    kind: 'openai',
    registered: true,
    alive: true,
    dialects: ['chat-completions'],
    concurrency: 8,
    in_use: 0,
    requests_last_minute: 0,
    queue: { waiting: 0, active: 0 },
    waiting: [],
    cooldowns: [],
    stale_names: [],
    ...changes,
  };
}
