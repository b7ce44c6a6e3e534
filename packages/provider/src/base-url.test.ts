import type { ProviderSettings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { dialectUrl } from './base-url.ts';
import { providerSettings } from './testing/provider-settings.ts';

const vendor = 'https://api.example.com/v1';

function url(members: Partial<ProviderSettings>): string {
  return dialectUrl(providerSettings('openai', members), 'chat-completions', vendor);
}

test("a dialect's own base URL wins over the provider's, and that over the vendor's", () => {
  const baseUrl = 'http://proxy:8080/v1/';
  const baseUrls = { 'chat-completions': 'http://chat:1/mlflow/v1' };
  expect(url({})).toBe('https://api.example.com/v1/chat/completions');
  expect(url({ baseUrl })).toBe('http://proxy:8080/v1/chat/completions');
  expect(url({ baseUrl, baseUrls })).toBe('http://chat:1/mlflow/v1/chat/completions');
});

test.each([
  'api.example.com',
  'ftp://a',
  'https://user:pw@a/v1',
  'https://a/v1?x=1',
  'https://a#b',
])(
  'a base URL of another kind is refused by its path in the configuration, unquoted: %s',
  (baseUrl) => {
    expect(() => url({ baseUrl })).toThrow(/^providers\.tested\.baseUrl: /);
    expect(() => url({ baseUrl })).not.toThrow('pw');
  },
);
