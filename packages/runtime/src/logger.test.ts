import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeError } from './describe-error.ts';
import { LOG_FIELDS } from './log-fields.ts';
import type { LogFields } from './log-fields.ts';
import { createLogger } from './logger.ts';

const SECRET = 'canary of a prompt, sk-canary-4711';

/** What a logger writes of one entry. */
function written(fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  const logger = createLogger('test', 'trace', { write: (line) => void lines.push(line) });
  // As a caller whom the compiler did not stop.
  logger.info(fields as LogFields, 'something happened');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

test('a known field is logged, with the service and the time', () => {
  expect(written({ job: 'job_1', status: 200, providers: ['a', 'b'], jobs: { moved: 3 } })).toEqual(
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      service: 'test',
      job: 'job_1',
      status: 200,
      providers: ['a', 'b'],
      jobs: { moved: 3 },
      msg: 'something happened',
    },
  );
});

test('an unknown field is named and not shown, and so is a known one that holds an object', () => {
  const line = written({ body: SECRET, headers: { authorization: SECRET }, job: { text: SECRET } });
  expect(line).toMatchObject({ withheld: ['body', 'headers', 'job'] });
  expect(JSON.stringify(line)).not.toContain('canary');
});

test('whatever is handed to a logger, only known fields and plain values come out', () => {
  const anything = fc.dictionary(
    fc.oneof(fc.constantFrom(...LOG_FIELDS, 'err'), fc.string()),
    fc.oneof(fc.string(), fc.integer(), fc.object({ maxDepth: 2 }), fc.constant(new Error('x'))),
  );
  const allowed = new Set([...LOG_FIELDS, 'err', 'level', 'time', 'service', 'msg', 'withheld']);
  fc.assert(
    fc.property(anything, (fields) => {
      expect(Object.keys(written(fields)).filter((name) => !allowed.has(name as 'err'))).toEqual(
        [],
      );
    }),
  );
});

test.each<[string, () => unknown]>([
  ['JSON.parse', () => JSON.parse(`{"content": ${SECRET}}`)],
  ['JSON.parse of text with quotation marks', () => JSON.parse(`"a" "${SECRET}" "b"`)],
  ['a property of a text', () => Object.assign(SECRET, { 0: 'x' })],
  ['an unknown name', () => (BigInt as (value: string) => unknown)(`"${SECRET}"`)],
])('the error of %s does not repeat what it could not read', (_what, action) => {
  expect(JSON.stringify(written({ err: thrownBy(action) }))).not.toContain('canary');
});

test('of an error only its class, code, text and calls are told, and so of its causes', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), {
    code: 'ECONNREFUSED',
    request: { body: SECRET },
  });
  const error = Object.assign(new TypeError('fetch failed', { cause }), {
    command: { name: 'SET', args: ['key', SECRET] },
    response: SECRET,
  });
  const { err } = written({ err: error });
  expect(err).toEqual({
    type: 'TypeError',
    message: 'fetch failed',
    at: expect.arrayContaining([expect.stringMatching(/^at .*logger\.test\.ts:\d+:\d+/)]),
    cause: {
      type: 'Error',
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 127.0.0.1:6379',
      at: expect.any(Array),
    },
  });
});

test.each([
  ["Cannot read properties of undefined (reading 'rule')", "(reading 'rule')"],
  ['the endpoint at https://user:canary@hooks.example.com/in?token=canary#canary is gone', '/in?['],
  ['401 for Bearer canary-canary', 'Bearer [masked]'],
  ['no job belongs to us_canaryCanary0123456789', 'no job belongs to [masked]'],
  ['the key whsec_canaryCANARY+/= is damaged', 'the key [masked]'],
  ['the column "canary of a prompt" is unknown', 'the column [masked] is unknown'],
])('%s is told without its secrets', (text, kept) => {
  const { err, reason } = written({ err: new Error(text), reason: text });
  expect(reason).toContain(kept);
  expect(JSON.stringify([err, reason])).not.toMatch(/canary/i);
});

test('a message that looks like calls adds none', () => {
  const { at } = describeError(new Error('no\n    at file:///canary:1:1'));
  expect(at?.join('\n')).not.toContain('canary');
  expect(at?.[0]).toMatch(/logger\.test\.ts/);
});

test('long texts are cut', () => {
  const line = written({ reason: 'x'.repeat(5000), path: 'y'.repeat(5000) });
  expect(JSON.stringify(line).length).toBeLessThan(1200);
});
