import { canonicalName } from '@understudy/models';
import { expect, test } from 'vitest';
import { GEOGRAPHIES, geographyOfId, isGeography, isInside, MODEL_IDS } from './geographies.ts';
import { isMantleId, mantleNames, modelNames, modelNamesIn } from './model-names.ts';

const REGION_OF: Readonly<Record<string, string>> = {
  global: 'eu-west-1',
  us: 'us-east-1',
  eu: 'eu-central-1',
  jp: 'ap-northeast-1',
  au: 'ap-southeast-2',
  in: 'ap-south-1',
  apac: 'ap-southeast-1',
  'us-gov': 'us-gov-west-1',
  none: 'us-west-2',
};

function idsIn(geography: string): Readonly<Record<string, string>> {
  if (!isGeography(geography)) throw new Error(`${geography} is no geography.`);
  return modelNamesIn(geography, REGION_OF[geography] ?? '');
}

test('every name in the tables leads to a model of the catalog, and every model has a preferred id', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
  const listed = Object.values(MODEL_IDS).flatMap((ids) => Object.keys(ids));
  expect(new Set(listed)).toEqual(new Set(Object.keys(modelNames)));
});

test('an id of the second host differs from the first, and names the same model', () => {
  for (const [canonical, id] of Object.entries(mantleNames)) {
    expect(modelNames[canonical]).toBe(`${id}-1:0`);
    expect(isMantleId(id)).toBe(true);
    expect(isMantleId(`${id}-1:0`)).toBe(false);
  }
});

test('a preferred id is one that some geography lists', () => {
  for (const [canonical, id] of Object.entries(modelNames)) {
    expect(MODEL_IDS[geographyOfId(id)][canonical]).toBe(id);
  }
});

test.each(GEOGRAPHIES)('all ids listed for %s bear its prefix', (geography) => {
  if (!isGeography(geography)) throw new Error(`${geography} is no geography.`);
  const places = Object.values(MODEL_IDS[geography]).map(geographyOfId);
  expect(new Set(places)).toEqual(new Set([geography]));
});

test.each(GEOGRAPHIES)(
  'with the geography %s every id stays inside, or is served in the region',
  (geography) => {
    const ids = Object.values(idsIn(geography));
    expect(ids.length).toBeGreaterThan(10);
    if (!isGeography(geography)) throw new Error(`${geography} is no geography.`);
    expect(ids.filter((id) => !isInside(geography, id))).toEqual([]);
  },
);

test.each([
  ['global', 'global.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['us', 'us.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['eu', 'eu.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['jp', 'jp.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['au', 'au.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['in', 'in.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['apac', 'apac.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['none', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
])('Haiku 4.5 has its own id in %s', (geography, id) => {
  expect(idsIn(geography)['claude-haiku-4-5']).toBe(id);
});

test('a model without an id in the configured geography is unmapped', () => {
  expect(idsIn('us-gov')).not.toHaveProperty('claude-haiku-4-5');
  expect(idsIn('us-gov')['claude-sonnet-4-5']).toMatch(/^us-gov\./);
  expect(idsIn('eu')).not.toHaveProperty('llama-4-maverick');
  expect(idsIn('eu')).not.toHaveProperty(['gpt-6.1-sol']);
  expect(idsIn('none')).not.toHaveProperty(['grok-4.7']);
});

test('a model that is served in the called region needs no profile', () => {
  expect(idsIn('eu')['qwen3-32b']).toBe('qwen.qwen3-32b-v1:0');
  expect(idsIn('jp')['gpt-oss-120b']).toBe('openai.gpt-oss-120b-1:0');
});

test('without a geography the preferred id is taken wherever the region can call it', () => {
  expect(modelNamesIn(undefined, 'us-east-1')).toEqual(modelNames);
  const inEurope = modelNamesIn(undefined, 'eu-west-1');
  expect(inEurope['claude-opus-5']).toBe('global.anthropic.claude-opus-5');
  expect(inEurope['claude-opus-4-1']).toBe('eu.anthropic.claude-opus-4-1-20250805-v1:0');
  expect(inEurope).not.toHaveProperty('llama-4-scout');
});

test('government regions call no profile of the public cloud', () => {
  const places = Object.values(modelNamesIn(undefined, 'us-gov-west-1')).map(geographyOfId);
  expect(new Set(places)).toEqual(new Set(['us-gov', 'none']));
});
