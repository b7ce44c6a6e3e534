import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What Vertex AI says beyond the shared names, messages and statuses. */
export const verdictRules: readonly VerdictRule[] = [
  {
    // Reasons of Google's `ErrorInfo` that speak of the project or its credentials.
    id: 'vertex.account',
    when: {
      code: [
        'BILLING_DISABLED',
        'SERVICE_DISABLED',
        'CONSUMER_INVALID',
        'CONSUMER_SUSPENDED',
        'USER_PROJECT_DENIED',
        'ACCESS_TOKEN_*',
        'ACCOUNT_STATE_INVALID',
        'CREDENTIALS_MISSING',
        'IAM_PERMISSION_DENIED',
        'LOCATION_POLICY_VIOLATED',
        'SECURITY_POLICY_VIOLATED',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'vertex.model_not_allowed',
    when: {
      code: ['FAILED_PRECONDITION', 'PERMISSION_DENIED'],
      message: ['publisher model', 'constraints/vertexai', 'disallowed gen ai model'],
    },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    id: 'vertex.model_not_found',
    when: { status: [404], code: ['NOT_FOUND'], message: ['publisher model'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // Vertex names no delay, and its quotas are per minute: a short first wait would be wasted.
    id: 'vertex.quota',
    when: { status: [429], code: ['RESOURCE_EXHAUSTED'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 15_000 },
  },
  {
    id: 'vertex.permission_missing',
    when: { status: [403], message: ['aiplatform.endpoints.predict'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'vertex.model_malformed',
    when: { status: [400], message: ['malformed publisher model', 'invalid publisher model'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // Gemini 3 wants back the signature of each of its calls; one of another vendor has none.
    id: 'vertex.thought_signature_missing',
    when: { status: [400], message: ['thought_signature'] },
    verdict: 'next_for_good',
  },
  {
    // Of Claude alone; its vendor and other hosts fetch what a URL names.
    id: 'vertex.url_source',
    when: { status: [400], message: ['url sources are not supported'] },
    verdict: 'next_for_good',
  },
  {
    // A wish about thinking that this model cannot fulfil, and another may.
    id: 'vertex.thinking_not_accepted',
    when: {
      status: [400],
      message: ['only works in thinking mode', "thinking can't be disabled", 'thinking level'],
    },
    verdict: 'next_for_good',
  },
  {
    // A true overrun says by how much.
    id: 'vertex.prompt_too_long',
    when: { status: [413], message: ['tokens >', 'maximum number of tokens'] },
    verdict: 'next_for_good',
    windowExceeded: true,
  },
  {
    // Reported from the field: an exhausted quota has come as this 413 on small requests.
    id: 'vertex.quota_as_413',
    when: { status: [413], message: ['prompt is too long'] },
    verdict: 'next',
    cooldown: { scope: 'model', when: 'counted', baseMs: 15_000 },
  },
];
