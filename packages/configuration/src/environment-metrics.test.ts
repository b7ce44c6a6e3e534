import { expect, test } from 'vitest';
import { sampleKinds as kinds } from './testing/sample-kinds.ts';
import { ConfigurationError } from './configuration-error.ts';
import { parseSettings } from './load-settings.ts';

const metricsOf = (text: string, environment: Record<string, string> = {}) =>
  parseSettings(text, { kinds, environment, credentials: 'ignore' }).metrics;

test('metrics are measured unless told otherwise, and served nowhere without a port', () => {
  expect(metricsOf('{}')).toEqual({ enabled: true, host: '127.0.0.1' });
  expect(metricsOf('metrics: { enabled: false, host: 0.0.0.0, port: 9464 }')).toEqual({
    enabled: false,
    host: '0.0.0.0',
    port: 9464,
  });
});

test('the environment goes before the file, which services on one machine share', () => {
  const environment = {
    UNDERSTUDY_METRICS_ENABLED: 'true',
    UNDERSTUDY_METRICS_PORT: '0',
    UNDERSTUDY_METRICS_TOKEN: 'a-token-of-some-length',
    UNDERSTUDY_METRICS_HOST: '',
  };
  expect(metricsOf('metrics: { enabled: false, host: "::1", port: 9464 }', environment)).toEqual({
    enabled: true,
    host: '::1',
    port: 0,
    token: 'a-token-of-some-length',
  });
});

function problemsOf(text: string, environment: Record<string, string> = {}): string[] {
  try {
    metricsOf(text, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.problems];
  }
  return [];
}

test('what cannot be read is named by its variable or its path, never by the token', () => {
  const wrong = problemsOf('{}', {
    UNDERSTUDY_METRICS_PORT: '70000',
    UNDERSTUDY_METRICS_TOKEN: 'too-short-token',
  });
  expect(wrong).toEqual([
    expect.stringMatching(/^UNDERSTUDY_METRICS_PORT: /),
    'UNDERSTUDY_METRICS_TOKEN: must have at least 16 characters',
  ]);
  expect(problemsOf('metrics: { token: too-short-token, prot: 1 }')).toEqual([
    expect.stringMatching(/^metrics\.token: must have at least 16 characters/),
    expect.stringMatching(/^metrics\.prot: unknown member/),
  ]);
});
