import type { Cooldown, Registration, StaleName } from '@understudy/contracts';
import type { Settings } from '@understudy/configuration';

/** Whether a model at a provider may be called now. */
export type TargetAvailability =
  | { kind: 'open' }
  /** An operator has taken the provider out of service, until further notice. */
  | { kind: 'paused' }
  | { kind: 'cooling'; until: number; cooldown: Cooldown }
  | { kind: 'half_open'; probing: boolean; until: number };

/** What routing looks at; everything is in memory, nothing here waits. */
export interface RoutingViews {
  settings: Settings;
  registration(provider: string): Registration | undefined;
  isAlive(provider: string): boolean;
  availability(provider: string, model: string, now: number): TargetAvailability;
  /** Set while the provider has lately said that it knows no model by this name. */
  staleName(provider: string, model: string, now: number): StaleName | undefined;
}
