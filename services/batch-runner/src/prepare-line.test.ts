import { expect, test } from 'vitest';
import { prepareLine } from './prepare-line.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';

test.each([
  ['a line that was too long to be held', undefined, ''],
  ['a line with too large a body', Buffer.from(inputOf(1)), 'r1'],
])('%s is told the limit, and which setting it is', async (_name, bytes, customId) => {
  const { context, create } = await openRunnerScene();
  const { settings, ...views } = context.dispatch.views();
  const limited = { ...settings, limits: { ...settings.limits, bodyBytes: 10 } };
  const dispatch = { ...context.dispatch, views: () => ({ ...views, settings: limited }) };
  const line = { number: 1, next: 0, bytes };
  expect(await prepareLine({ dispatch }, await create(inputOf(1)), line)).toEqual({
    kind: 'rejected',
    rejection: {
      customId,
      statusCode: 413,
      code: 'body_too_large',
      message: 'the request is larger than the 10 bytes that this broker takes (limits.bodyBytes)',
    },
  });
});
