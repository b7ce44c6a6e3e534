import { defineProviderKind, messagesSurface } from '@understudy/provider';
import { expect, test, vi } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';

/** Speaks Messages, and so has to stream what is long. */
const messagesKind = defineProviderKind({
  name: 'openai',
  connect: ({ name, baseUrl }) => ({
    vendor: 'anthropic',
    dialects: ['messages'],
    names: { models: { m: `m-at-${name}` } },
    rules: [],
    surfaces: (_dialect, model, needs) => [messagesSurface(`${baseUrl}/messages`, model, needs)],
    credentials: () => Promise.resolve({}),
  }),
});

const AS_MESSAGES = { endpoint: '/v1/messages', dialect: 'messages' } as const;

function bodyOf(tokens: number): string {
  const messages = [{ role: 'user', content: 'Hi' }];
  return JSON.stringify({ model: 'm', max_tokens: tokens, messages });
}

test.each([
  ['a call at once of an unset timeout', 1000, undefined, undefined, 600_000],
  ['a streamed call of an unset timeout', 64_000, undefined, undefined, 1_800_000],
  ["a streamed call of the provider's timeout", 64_000, 5000, undefined, 5000],
  ["a streamed call of the target's timeout", 64_000, undefined, 7000, 7000],
  ["a streamed call of the target's before the provider's", 64_000, 5000, 7000, 7000],
])('%s may take its time', async (_which, tokens, ofProvider, ofTarget, timeoutMs) => {
  const target = { provider: 'a', ...(ofTarget === undefined ? {} : { timeoutMs: ofTarget }) };
  const { worker, vendor, submit, takeTurn } = await openWorker([target], {}, messagesKind);
  const { settings, dispatcher } = worker.providers.get('a')!;
  delete settings.timeoutMs;
  if (ofProvider !== undefined) settings.timeoutMs = ofProvider;
  const dispatched = vi.spyOn(dispatcher, 'dispatch');
  const { record } = await takeTurn(await submit(AS_MESSAGES, bodyOf(tokens)));
  expect(record.status).toBe('completed');
  expect(JSON.parse(vendor.calls[0]!.body)).toMatchObject({ max_tokens: tokens });
  expect(dispatched.mock.calls.map(([{ headersTimeout }]) => headersTimeout)).toEqual([timeoutMs]);
});
