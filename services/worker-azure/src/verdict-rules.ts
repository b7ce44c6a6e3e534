import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What Azure OpenAI and Foundry say beyond the shared names, messages and statuses. */
export const verdictRules: readonly VerdictRule[] = [
  {
    // A new deployment needs about five minutes until it is found.
    id: 'azure.deployment_not_found',
    when: { code: ['DeploymentNotFound'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    id: 'azure.model_not_found',
    when: { code: ['unknown_model', 'ModelDeprecated'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // The deployed model is not one for this path: a Responses-only one in chat, Claude in OpenAI's API.
    id: 'azure.operation_not_supported',
    when: { status: [400, 404], code: ['OperationNotSupported', 'api_not_supported'] },
    verdict: 'next_for_good',
  },
  {
    id: 'azure.content_filter',
    when: { code: ['ResponsibleAIPolicyViolation', 'invalid_prompt'] },
    verdict: 'terminal',
    refusal: true,
  },
  {
    // Encrypted reasoning can be read only where it was written, which may be another target; one
    // that the body is translated for goes without it.
    id: 'azure.encrypted_content',
    when: { code: ['invalid_encrypted_content'] },
    verdict: 'next_for_good',
  },
  {
    // An item of the input that another resource, another vendor or this broker gave its id.
    id: 'azure.item_not_found',
    when: { status: [400, 404], message: ["item with id '"] },
    verdict: 'next_for_good',
  },
  {
    // Entra: the identity lacks its role, or the resource takes no keys.
    id: 'azure.permission_missing',
    when: {
      status: [401, 403],
      code: [
        'PermissionDenied',
        'AuthenticationTypeDisabled',
        'KeyBasedAuthenticationNotPermitted',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // Quotas are per minute, so a short first wait would be wasted.
    id: 'azure.rate_limit',
    when: {
      status: [429],
      code: ['429', 'RateLimitReached', 'too_many_requests', 'rate_limit_exceeded', 'NoCapacity'],
    },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 10_000 },
  },
  {
    id: 'azure.network_rules',
    when: {
      status: [403],
      message: ['virtual network/firewall rules', 'public access is disabled'],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // The gateway's own quota of calls per week or month; its limit per minute is a plain 429.
    id: 'azure.call_volume_quota',
    when: { status: [403], message: ['out of call volume quota'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'azure.gateway_rate_limit',
    when: { status: [429], message: ['rate limit is exceeded. try again in'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, scope: 'provider' },
  },
];
