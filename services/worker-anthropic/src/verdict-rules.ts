import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What Anthropic's own API says beyond the shared names, messages and statuses. */
export const verdictRules: readonly VerdictRule[] = [
  {
    id: 'anthropic.spend_limit',
    when: { code: ['enforced_spend_limit_reached', 'contract_spend_limit_reached'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'anthropic.organization_on_hold',
    when: { code: ['organization_on_hold'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // The customer-managed encryption key cannot be reached: a person has to look at it.
    id: 'anthropic.encryption_key_unreachable',
    when: { code: ['cmek_key_unreachable'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'anthropic.ramp_limit',
    when: { code: ['ramp_limit_exceeded'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 10_000 },
  },
  {
    id: 'anthropic.region_blocked',
    when: { status: [403], type: ['forbidden'], message: ['request not allowed'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'anthropic.model_not_found',
    when: { status: [404], type: ['not_found_error'], message: ['model:', 'model '] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // A limit the customer set in the console; the answer names the day on which it ends.
    id: 'anthropic.usage_limit',
    when: { status: [400, 429], message: ['reached your specified api usage limits'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'anthropic.long_context_not_available',
    when: {
      status: [400, 429],
      message: ['long context beta is not yet available', 'required for long context requests'],
    },
    verdict: 'next_for_good',
    windowExceeded: true,
  },
  {
    // Another model, or the same one elsewhere, may take the combination.
    id: 'anthropic.parameter_not_accepted',
    when: {
      status: [400],
      message: [
        'cannot both be specified for this model',
        'may not be enabled when tool_choice forces tool use',
        'thinking.type',
        'for the `anthropic-beta` header',
      ],
    },
    verdict: 'next_for_good',
  },
];
