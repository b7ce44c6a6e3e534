import type { Registration } from '@understudy/contracts';
import { registrationOf, settingsOf } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { createModelLabels } from './model-labels.ts';

const registrations: Record<string, Registration> = {
  vllm: registrationOf('vllm', {
    passthrough: true,
    models: { m: 'm-at-vllm' },
    overrides: { ours: 'our-fine-tune' },
    accepts: ['m-2026-01-01'],
  }),
};
const settings = settingsOf([], { chat: { targets: [{ provider: 'vllm', model: 'routed' }] } });
const label = createModelLabels(
  (provider) => registrations[provider],
  () => settings,
);

test('a name out of a table, a registration or a route is a label', () => {
  for (const name of ['m-at-vllm', 'our-fine-tune', 'm-2026-01-01', 'routed', 'gpt-4o']) {
    expect(label('vllm', name)).toBe(name);
  }
  expect(label('vllm', undefined)).toBe('none');
});

test('what a caller makes up is none, however many there are', () => {
  const made = Array.from({ length: 1000 }, (_, index) => label('vllm', `secret-project-${index}`));
  expect(new Set(made)).toEqual(new Set(['other']));
  expect(label('unknown-provider', 'whatever')).toBe('other');
});
