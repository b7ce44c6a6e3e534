import type { CooldownRule } from './verdict-rule.ts';

/** Key, billing, spend limit, organisation, region: every job there would fail, and a person must act. */
export const accountCooldown: CooldownRule = {
  scope: 'provider',
  when: 'now',
  alert: true,
  baseMs: 60_000,
};

/** The provider says that it has had enough for now. */
export const capacityCooldown: CooldownRule = { scope: 'model', when: 'now' };

/** A fault that may be this call's bad luck; several together are an outage. */
export const outageCooldown: CooldownRule = { scope: 'model', when: 'counted' };

/** Nothing of the provider can be reached. */
export const unreachableCooldown: CooldownRule = { scope: 'provider', when: 'counted' };
