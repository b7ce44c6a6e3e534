import { expect, test } from 'vitest';
import { MODEL_ALIASES } from './aliases.ts';
import { canonicalName, vendorOf } from './canonical-name.ts';
import { MODEL_VENDORS } from './model-catalog.ts';

test('a dated snapshot, a dotted spelling and a vendor alias mean the same model', () => {
  expect(canonicalName('claude-sonnet-4-20250514')).toBe('claude-sonnet-4');
  expect(canonicalName('claude-sonnet-4-0')).toBe('claude-sonnet-4');
  expect(canonicalName('claude-opus-4.6')).toBe('claude-opus-4-6');
});

test('a canonical name is its own, an unknown one has none', () => {
  expect(canonicalName('gpt-5.5')).toBe('gpt-5.5');
  expect(canonicalName('gpt-99')).toBeUndefined();
});

test('names that every object has are no models', () => {
  for (const name of ['constructor', '__proto__', 'toString', '']) {
    expect(canonicalName(name)).toBeUndefined();
    expect(vendorOf(name)).toBeUndefined();
  }
});

test('every alias leads to a model of the catalog and is none itself', () => {
  for (const [alias, canonical] of Object.entries(MODEL_ALIASES)) {
    expect({ alias, canonical: Object.hasOwn(MODEL_VENDORS, canonical) }).toEqual({
      alias,
      canonical: true,
    });
    expect({ alias, canonical: Object.hasOwn(MODEL_VENDORS, alias) }).toEqual({
      alias,
      canonical: false,
    });
  }
});

test('an open model belongs to its author, whoever hosts it', () => {
  expect(vendorOf('gpt-oss-120b')).toBe('openai');
  expect(vendorOf('llama-3.3-70b-instruct')).toBe('meta');
  expect(vendorOf('codestral-2508')).toBe('mistral');
});
