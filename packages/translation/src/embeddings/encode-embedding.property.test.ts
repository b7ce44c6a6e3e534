import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UntranslatableError } from '../loss.ts';
import type { JsonObject } from '../translator.ts';
import { encodeEmbedding } from './embeddings.ts';

const CARRIED = ['model', 'input', 'dimensions', 'encoding_format'];

const text = fc.string();

const body = fc
  .record({
    input: fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.array(fc.nat()), fc.jsonValue()),
    more: fc.dictionary(
      fc.constantFrom(...CARRIED, 'user', 'task', 'dimension'),
      fc.oneof(fc.constantFrom<unknown>(256, 1024, 'float', 'base64', null), fc.jsonValue()),
      { maxKeys: 3 },
    ),
  })
  .map(({ input, more }): JsonObject => ({ input, ...more }));

test.each([
  ['embed-content', 'gemini-embedding-001'],
  ['predict-embedding', 'text-embedding-005'],
  ['invoke-embedding', 'cohere.embed-v4:0'],
] as const)(
  'any JSON object is encoded to %s with every loss told, or is untranslatable',
  async (to, model) => {
    async function untoldMembers(request: JsonObject): Promise<string[]> {
      const { losses } = await encodeEmbedding(to, request, model);
      const told = new Set(losses.map((loss) => loss.field));
      return Object.keys(request).filter(
        (name) => !CARRIED.includes(name) && request[name] !== null && !told.has(name),
      );
    }
    let encoded = 0;
    await fc.assert(
      fc.asyncProperty(body, async (request) => {
        const outcome = await untoldMembers(request).catch((error: unknown) => error);
        if (outcome instanceof UntranslatableError) return true;
        encoded += 1;
        return Array.isArray(outcome) && outcome.length === 0;
      }),
      { numRuns: 500 },
    );
    expect(encoded).toBeGreaterThan(20);
  },
);
