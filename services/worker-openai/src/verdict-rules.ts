import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What OpenAI's own API says beyond the shared names, messages and statuses. */
export const verdictRules: readonly VerdictRule[] = [
  {
    id: 'openai.spend_limit',
    when: {
      code: [
        'credit_balance_exhausted',
        '*_spend_limit_exceeded',
        'organization_usage_limit_exceeded',
        'billing_hard_limit_reached',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'openai.account_closed',
    when: { code: ['account_deactivated', 'unsupported_country_region_territory'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // More tokens than the account may use in a whole minute: waiting changes nothing for this
    // job, and says nothing about others.
    id: 'openai.request_above_limit',
    when: {
      status: [429],
      code: ['rate_limit_exceeded'],
      message: ['request too large for'],
    },
    verdict: 'next_for_good',
  },
  {
    id: 'openai.rate_limit',
    when: { status: [429, 503], code: ['rate_limit_exceeded', 'slow_down'] },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    id: 'openai.invalid_prompt',
    when: { code: ['invalid_prompt', 'image_content_policy_violation'] },
    verdict: 'terminal',
    refusal: true,
  },
  {
    // Encrypted reasoning can be read only where it was written, which may be another target; one
    // that the body is translated for goes without it.
    id: 'openai.encrypted_content',
    when: { code: ['invalid_encrypted_content'] },
    verdict: 'next_for_good',
  },
  {
    // An item of the input that another account, another vendor or this broker gave its id.
    id: 'openai.item_not_found',
    when: { status: [400, 404], message: ["item with id '"] },
    verdict: 'next_for_good',
  },
  {
    id: 'openai.missing_scope',
    when: { status: [401, 403], message: ['missing scopes', 'insufficient permissions'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'openai.model_of_other_endpoint',
    when: {
      status: [400, 404],
      message: ['only supported in v1/', 'not a chat model', 'did you mean to use v1/'],
    },
    verdict: 'next_for_good',
  },
];
