import { canonicalName } from '@understudy/models';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { modelNames } from './model-names.ts';
import { vertex } from './provider.ts';

describeProvider(vertex, {
  settings: (origin) => ({
    baseUrl: origin,
    project: 'my-project',
    location: 'europe-west1',
    accessToken: 'ya29.tested-token',
  }),
  secret: 'ya29.tested-token',
  headers: { authorization: 'Bearer ya29.tested-token' },
  calls: [
    {
      dialect: 'messages',
      model: 'claude-sonnet-4@20250514',
      modelIn: 'path',
      path: '/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4%4020250514:rawPredict',
      demanded: { anthropic_version: 'vertex-2023-10-16' },
    },
  ],
});

function urlAt(location: string | undefined, model = 'claude-opus-4-6'): string | undefined {
  const connection = vertex.connect(
    providerSettings('vertex', {
      project: 'p',
      accessToken: 't',
      ...(location === undefined ? {} : { location }),
    }),
  );
  return connection.surfaces('messages', model)[0]?.url;
}

function pathAt(location: string): string {
  return `/v1/projects/p/locations/${location}/publishers/anthropic/models/claude-opus-4-6:rawPredict`;
}

test('the host follows the location', () => {
  expect(urlAt(undefined)).toBe(`https://aiplatform.googleapis.com${pathAt('global')}`);
  expect(urlAt('eu')).toBe(`https://aiplatform.eu.rep.googleapis.com${pathAt('eu')}`);
  expect(urlAt('us-east5')).toBe(`https://us-east5-aiplatform.googleapis.com${pathAt('us-east5')}`);
});

test('neither a model nor a location changes where a call goes', () => {
  expect(() => urlAt('evil.example/x')).toThrow(/^providers\.tested\.location: /);
  expect(() => urlAt('global', '../../../x')).toThrow(/cannot stand in a URL path/);
  expect(new URL(urlAt('global', 'a/b?c#d') ?? '').pathname).toMatch(
    /\/models\/a%2Fb%3Fc%23d:rawPredict$/,
  );
});

test('a missing project is named', () => {
  expect(() => vertex.connect(providerSettings('vertex', {}))).toThrow(
    /^providers\.tested\.project: missing/,
  );
});

test('every name in the table leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
});
