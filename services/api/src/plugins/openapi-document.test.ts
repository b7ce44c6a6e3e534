import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { anthropicErrorSchema } from '../schemas/problem-schema.ts';
import { startTestApi } from '../testing/start-test-api.ts';

/** Public, and of more than half a megabyte. */
const FORMS = ['/openapi.json', '/docs/json', '/docs/yaml'];

/** It is written out twice, on machines that do other things as well. */
const SLOW = { timeout: 60_000 };

test(
  'the document of the API is written out once, however often those without a key ask for it',
  SLOW,
  async () => {
    const { app, url } = await startTestApi();
    const first = await Promise.all(FORMS.map(async (path) => (await fetch(url + path)).text()));
    const made = vi.spyOn(app, 'swagger');
    for (const [index, path] of FORMS.entries()) {
      const again = await fetch(url + path);
      expect([again.status, (await again.text()) === first[index]]).toEqual([200, true]);
    }
    expect(made).not.toHaveBeenCalled();
    const [json = '', sameJson, yaml] = first;
    expect(JSON.parse(json)).toMatchObject({ openapi: '3.1.0' });
    expect(sameJson).toBe(json);
    expect(yaml).toMatch(/^openapi: 3\.1\.0\n/);
  },
);

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() }),
        ),
      }),
    ),
  ),
});

async function readAnswers() {
  const { url } = await startTestApi();
  const document = documentSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      operation: `${method} ${path}`,
      responses,
    })),
  );
}

test('every operation tells what a good answer is', async () => {
  const all = await readAnswers();
  expect(all.length).toBeGreaterThan(50);
  const mute = all.filter(
    ({ responses }) => !Object.keys(responses).some((status) => /^[23]/.test(status)),
  );
  expect(mute.map(({ operation }) => operation)).toEqual([]);
});

test('errors on Anthropic’s paths have Anthropic’s form and no other', async () => {
  const members = Object.keys(anthropicErrorSchema.shape);
  const anthropics = (await readAnswers()).filter(({ operation }) =>
    operation.includes(' /anthropic/'),
  );
  expect(anthropics.length).toBeGreaterThan(8);
  for (const { operation, responses } of anthropics) {
    for (const [status, { content }] of Object.entries(responses)) {
      // A range that cannot be had is told by a header alone.
      if (Number(status) < 400 || status === '416') continue;
      expect([operation, status, content]).toEqual([
        operation,
        status,
        {
          'application/json': { schema: expect.objectContaining({ required: members }) as unknown },
        },
      ]);
    }
  }
});

test('what an Idempotency-Key made may be gone, and every operation that takes one says so', async () => {
  const made = (await readAnswers()).filter(({ operation }) =>
    /^post .*\/(?:v1\/jobs|batches|chat\/completions|responses|embeddings|messages|\{id\}\/retry)$/.test(
      operation,
    ),
  );
  expect(made.length).toBeGreaterThan(10);
  for (const { operation, responses } of made) {
    expect([operation, Object.keys(responses)]).toEqual([
      operation,
      expect.arrayContaining(['410']),
    ]);
  }
});

test('the bytes of a file can be had in part', async () => {
  const all = await readAnswers();
  for (const path of [
    '/v1/files/{id}/content',
    '/openai/v1/files/{id}/content',
    '/anthropic/v1/messages/batches/{id}/results',
  ]) {
    const { responses } = all.find(({ operation }) => operation === `get ${path}`) ?? {};
    expect([path, Object.keys(responses ?? {})]).toEqual([
      path,
      expect.arrayContaining(['200', '206', '416']),
    ]);
  }
});
