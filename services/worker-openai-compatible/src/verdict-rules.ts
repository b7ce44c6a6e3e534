import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What holds at every server of this kind, self-hosted ones and gateways included. */
export const verdictRules: readonly VerdictRule[] = [
  {
    // Gateways have been seen to wrap a rate limit of the provider behind them in a 5xx.
    id: 'openai-compatible.wrapped_rate_limit',
    when: {
      statusRange: [500, 599],
      code: [
        '429',
        'rate_limit_exceeded',
        'rate_limit_error',
        'RateLimitError',
        'RESOURCE_EXHAUSTED',
      ],
    },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    id: 'openai-compatible.wrapped_rate_limit_message',
    when: {
      statusRange: [500, 599],
      message: ['ratelimiterror', 'rate limit exceeded', 'rate limit reached', 'too many requests'],
    },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    // Mistral takes ids of nine letters and digits, and so do vLLM and gateways for its models.
    // Calls of another vendor's model have longer ones, which every other target takes.
    id: 'openai-compatible.tool_call_id',
    when: { status: [400, 422], message: ['tool call id was'] },
    verdict: 'next_for_good',
  },
];

/** What single vendors say, by preset; these rows come before the common ones. */
export const verdictRulesByPreset: Readonly<Record<string, readonly VerdictRule[]>> = {
  groq: [
    {
      id: 'groq.flex_capacity',
      when: { status: [498] },
      verdict: 'next',
      cooldown: capacityCooldown,
    },
    {
      id: 'groq.account',
      when: { code: ['organization_restricted', 'blocked_api_access'] },
      verdict: 'next',
      cooldown: accountCooldown,
    },
    {
      // "len(stop) > 4 is not supported": others take more of them.
      id: 'groq.stop_sequences',
      when: { status: [400], message: ['len(stop) >'] },
      verdict: 'next_for_good',
    },
    {
      // The model wrote a broken call or broken JSON; asked again, it may not.
      id: 'groq.generation_failed',
      when: { status: [400], code: ['tool_use_failed', 'json_validate_failed'] },
      verdict: 'next',
    },
  ],
  mistral: [
    {
      id: 'mistral.invalid_model',
      when: { status: [400], type: ['invalid_model'] },
      verdict: 'next_for_good',
      modelMissing: true,
    },
    {
      id: 'mistral.tier_capacity',
      when: { status: [429], type: ['service_tier_capacity_exceeded'] },
      verdict: 'next',
      cooldown: { ...capacityCooldown, baseMs: 10_000 },
    },
    {
      id: 'mistral.subscription',
      when: {
        status: [400, 401, 403, 429],
        message: ['inactive subscription or usage limit reached'],
      },
      verdict: 'next',
      cooldown: accountCooldown,
    },
  ],
  together: [
    {
      // Together documents 403 for prompt and max_tokens above the model's window.
      id: 'together.context_length',
      when: {
        status: [403],
        message: ['context length', 'maximum context', 'max_new_tokens', 'input token count'],
      },
      verdict: 'next_for_good',
      windowExceeded: true,
    },
    {
      id: 'together.dedicated_only',
      when: { status: [400], message: ['non-serverless model'] },
      verdict: 'next_for_good',
    },
  ],
  deepseek: [
    {
      id: 'deepseek.content_risk',
      when: { status: [400], message: ['content exists risk'] },
      verdict: 'terminal',
      refusal: true,
    },
  ],
  openrouter: [
    {
      // Credits are held for calls under way: it says when they are expected back.
      id: 'openrouter.credits_held',
      when: { status: [402], retryAfter: true },
      verdict: 'next',
      cooldown: { scope: 'provider', when: 'now' },
    },
    {
      id: 'openrouter.moderation',
      when: { status: [403], message: ['input was flagged', 'requires moderation'] },
      verdict: 'terminal',
      refusal: true,
    },
    {
      id: 'openrouter.key_limit',
      when: { status: [403], message: ['key limit exceeded'] },
      verdict: 'next',
      cooldown: accountCooldown,
    },
  ],
  xai: [
    {
      id: 'xai.usage_guidelines',
      when: { status: [400, 403], message: ['violates usage guidelines'] },
      verdict: 'terminal',
      refusal: true,
    },
  ],
  fireworks: [
    {
      id: 'fireworks.account_suspended',
      when: { status: [403, 412], message: ['is suspended'] },
      verdict: 'next',
      cooldown: accountCooldown,
    },
  ],
  vllm: [
    {
      id: 'vllm.tools_not_enabled',
      when: { status: [400], message: ['--enable-auto-tool-choice', '--tool-call-parser'] },
      verdict: 'next_for_good',
    },
  ],
};
