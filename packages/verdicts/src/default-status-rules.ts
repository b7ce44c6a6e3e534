import {
  accountCooldown,
  capacityCooldown,
  outageCooldown,
  unreachableCooldown,
} from './cooldown-rules.ts';
import type { CallFault, CooldownRule, VerdictRule } from './verdict-rule.ts';

const COOLDOWNS_BY_FAULT: readonly (readonly [CallFault, CooldownRule])[] = [
  ['connect', unreachableCooldown],
  ['connect_timeout', unreachableCooldown],
  // No usable credentials, or no request could be made of the job: worth a look if it goes on.
  ['not_sent', { ...unreachableCooldown, alert: true }],
  ['reset', outageCooldown],
  ['timeout', outageCooldown],
  ['answer_too_large', outageCooldown],
  ['redirect', outageCooldown],
  ['empty_answer', outageCooldown],
  ['invalid_answer', outageCooldown],
  ['truncated_answer', outageCooldown],
];

const faultRules = COOLDOWNS_BY_FAULT.map(([fault, cooldown]): VerdictRule => ({
  id: `default.fault_${fault}`,
  when: { fault: [fault] },
  verdict: 'next',
  cooldown,
}));

const accountRules = [401, 402].map((status): VerdictRule => ({
  id: `default.status_${status}`,
  when: { status: [status] },
  verdict: 'next',
  cooldown: accountCooldown,
}));

/** This target never gets to answer this job: the model or the path is not there, or not for us. */
const forGoodRules = [403, 404, 405, 410, 413, 501].map((status): VerdictRule => ({
  id: `default.status_${status}`,
  when: { status: [status] },
  verdict: 'next_for_good',
}));

/** Passing trouble of one call; not a reason to keep others away unless the answer says so. */
const passingRules = [408, 409, 424, 425, 451, 498, 499].map((status): VerdictRule => ({
  id: `default.status_${status}`,
  when: { status: [status] },
  verdict: 'next',
  cooldown: { scope: 'model', when: 'if_told' },
}));

/** What a status or a fault means where nothing in the body says more; the last row takes all. */
export const defaultStatusRules: readonly VerdictRule[] = [
  ...faultRules,
  ...accountRules,
  ...forGoodRules,
  ...passingRules,
  {
    id: 'default.status_429',
    when: { status: [429] },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    id: 'default.status_503_retry_after',
    when: { status: [503], retryAfter: true },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    id: 'default.status_529',
    when: { status: [529] },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    id: 'default.status_5xx',
    when: { statusRange: [500, 599] },
    verdict: 'next',
    cooldown: outageCooldown,
  },
  {
    id: 'default.status_3xx',
    when: { statusRange: [300, 399] },
    verdict: 'next',
    cooldown: outageCooldown,
  },
  {
    // The refused body is our work, not the caller's: a target of another dialect may take it. This
    // one would be sent the same bytes again.
    id: 'default.translated_body_refused',
    when: { status: [400, 422], translated: true },
    verdict: 'next_for_good',
  },
  ...[400, 414, 422, 431].map((status): VerdictRule => ({
    id: `default.status_${status}`,
    when: { status: [status] },
    verdict: 'terminal',
  })),
  {
    id: 'default.status_4xx',
    when: { statusRange: [400, 499] },
    verdict: 'terminal',
  },
  {
    // No status, or one that no HTTP error has: an answer that cannot be used.
    id: 'default.unknown',
    when: {},
    verdict: 'next',
    cooldown: outageCooldown,
  },
];
