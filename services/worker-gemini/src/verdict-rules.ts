import { accountCooldown, capacityCooldown, type VerdictRule } from '@understudy/verdicts';

/** What the Gemini API says beyond the shared names, messages and statuses. */
export const verdictRules: readonly VerdictRule[] = [
  {
    // Reasons of Google's `ErrorInfo` that speak of the project or its key. An invalid key is a 400.
    id: 'gemini.account',
    when: {
      code: [
        'API_KEY_*',
        'BILLING_DISABLED',
        'SERVICE_DISABLED',
        'CONSUMER_INVALID',
        'CONSUMER_SUSPENDED',
        'ACCOUNT_STATE_INVALID',
        'CREDENTIALS_MISSING',
        'LOCATION_POLICY_VIOLATED',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // Country and billing plan; a precondition of another sort belongs to the job.
    id: 'gemini.region_or_billing',
    when: {
      status: [400],
      code: ['FAILED_PRECONDITION'],
      message: ['location is not supported', 'free tier is not available', 'enable billing'],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // A file that is not there for this account, or not ready: another target may do without it.
    id: 'gemini.precondition',
    when: { status: [400], code: ['FAILED_PRECONDITION'] },
    verdict: 'next_for_good',
  },
  {
    // The plan has no quota at all for the model: waiting changes nothing.
    id: 'gemini.no_quota',
    when: {
      status: [429],
      code: ['RESOURCE_EXHAUSTED'],
      message: ['limit: 0, model', 'limit: 0\n'],
    },
    verdict: 'next_for_good',
  },
  {
    id: 'gemini.credits_depleted',
    when: {
      status: [402, 429],
      code: ['RESOURCE_EXHAUSTED'],
      message: ['credits are depleted', 'spending cap'],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // `GenerateRequestsPerDayPerProjectPerModel-FreeTier` and its like: used up until midnight.
    id: 'gemini.daily_quota',
    when: { status: [429], code: ['*PerDay*'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // Other quotas are per minute: where no delay is stated, a short first wait would be wasted.
    id: 'gemini.quota',
    when: { status: [429], code: ['RESOURCE_EXHAUSTED'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 15_000 },
  },
  {
    id: 'gemini.model_not_found',
    when: {
      status: [404],
      code: ['NOT_FOUND'],
      message: ['is not found for api version', 'models/'],
    },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    id: 'gemini.key_blocked',
    when: {
      status: [403],
      message: [
        'reported as leaked',
        'unregistered callers',
        'has been denied access',
        'has been suspended',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
];
