/** Canonical name → Anthropic's id. */
export const modelNames: Readonly<Record<string, string>> = {
  'claude-3-7-sonnet': 'claude-3-7-sonnet-20250219',
  'claude-sonnet-4': 'claude-sonnet-4-20250514',
  'claude-opus-4': 'claude-opus-4-20250514',
  'claude-opus-4-1': 'claude-opus-4-1-20250805',
  'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
  'claude-opus-4-5': 'claude-opus-4-5-20251101',
  'claude-opus-4-6': 'claude-opus-4-6',
  'claude-sonnet-4-6': 'claude-sonnet-4-6',
  'claude-opus-4-7': 'claude-opus-4-7',
  'claude-opus-4-8': 'claude-opus-4-8',
  'claude-opus-5': 'claude-opus-5',
  'claude-sonnet-5': 'claude-sonnet-5',
  'claude-fable-5': 'claude-fable-5',
  'claude-fable-5-1': 'claude-fable-5-1',
  'claude-fable-5-2': 'claude-fable-5-2',
  'claude-opus-5-5': 'claude-opus-5-5',
  'claude-sonnet-5-5': 'claude-sonnet-5-5',
  'claude-haiku-5-5': 'claude-haiku-5-5',
  'claude-mythos-5': 'claude-mythos-5',
  'claude-mythos-5-1': 'claude-mythos-5-1',
  'claude-mythos-5-2': 'claude-mythos-5-2',
};

/** Dated ids and `-0` aliases that Anthropic takes as they are. */
export const acceptedNames: readonly string[] = [
  'claude-3-7-sonnet-20250219',
  'claude-haiku-4-5-20251001',
  'claude-opus-4-0',
  'claude-opus-4-1-20250805',
  'claude-opus-4-20250514',
  'claude-opus-4-5-20251101',
  'claude-sonnet-4-0',
  'claude-sonnet-4-20250514',
  'claude-sonnet-4-5-20250929',
];

/** Canonical name → first day without the model, as Anthropic's deprecations page states it. */
export const retiredSince: Readonly<Record<string, string>> = {
  'claude-3-7-sonnet': '2026-02-19',
  'claude-3-5-haiku': '2026-02-19',
  'claude-sonnet-4': '2026-06-15',
  'claude-opus-4': '2026-06-15',
  'claude-opus-4-1': '2026-08-05',
  'claude-sonnet-4-5': '2026-11-30',
};
