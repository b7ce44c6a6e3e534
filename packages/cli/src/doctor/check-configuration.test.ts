import { join } from 'node:path';
import { parseSettings, readKindManifests } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { checkConfiguration } from './check-configuration.ts';

const kinds = readKindManifests(join(import.meta.dirname, '../../../../services'));

function credentialsOf(provider: string) {
  const options = { environment: {}, kinds, credentials: 'resolve' } as const;
  const settings = parseSettings(`providers: { it: { ${provider} } }`, options);
  const findings = checkConfiguration({ path: undefined, kinds, settings, problems: [] });
  return findings.find(({ about }) => about === 'credentials of it');
}

test.each([
  ['kind: openai-compatible, baseUrl: "https://api.acme.example/v1"', 'warn'],
  ['kind: openai-compatible, preset: groq', 'warn'],
  ['kind: openai-compatible, baseUrl: "http://127.0.0.1:8000/v1"', 'ok'],
  ['kind: openai-compatible, baseUrl: "http://vllm:8000/v1"', 'ok'],
])('%s without a key is called without one: %s', (provider, state) => {
  const message = 'none of apiKey set: calls go without one';
  expect(credentialsOf(provider)).toMatchObject({ state, message });
});

test.each([
  'kind: bedrock, region: eu-central-1',
  'kind: vertex, project: p',
  'kind: azure, resource: r',
])("%s goes by what its vendor's tools find", (provider) => {
  expect(credentialsOf(provider)).toMatchObject({
    state: 'ok',
    message: expect.stringContaining("goes by what its vendor's tools find") as string,
  });
});

test('what is set is told by name', () => {
  expect(credentialsOf('kind: openai, apiKey: k')).toMatchObject({ message: 'apiKey set' });
});
