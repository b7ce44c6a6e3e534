import { expect, test } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';

const ab = [{ provider: 'a' }, { provider: 'b' }];
const AS_MESSAGES = { endpoint: '/v1/messages', dialect: 'messages' } as const;

function messagesBody(members: object = {}): string {
  return JSON.stringify({
    model: 'm',
    max_tokens: 100,
    system: 'Be brief.',
    messages: [{ role: 'user', content: 'Hi' }],
    ...members,
  });
}

test('a job is answered in its own dialect by a provider of another', async () => {
  const { vendor, submit, takeTurn, dispatch } = await openWorker(ab);
  const job = await submit(AS_MESSAGES, messagesBody());
  const { record, attempts } = await takeTurn(job);
  const [call] = vendor.calls;
  expect(call?.path).toBe('/a/v1/chat/completions');
  expect(JSON.parse(call?.body ?? '')).toMatchObject({
    model: 'm-at-a',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
  });
  expect(record).toMatchObject({
    status: 'completed',
    end: { usage: { input_tokens: expect.any(Number) }, cost: { status: 'unknown' } },
  });
  expect(attempts).toMatchObject([{ outcome: 'succeeded', dialect: 'chat-completions' }]);
  expect(attempts[0]).not.toHaveProperty('warnings');
  const result = await dispatch.store.readResult(job);
  expect(JSON.parse(String(result))).toMatchObject({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: expect.any(String) }],
    stop_reason: 'end_turn',
  });
});

test('what a call does not carry is told on its attempt', async () => {
  const { submit, takeTurn } = await openWorker(ab);
  const { attempts } = await takeTurn(await submit(AS_MESSAGES, messagesBody({ top_k: 5 })));
  expect(attempts).toMatchObject([
    { outcome: 'succeeded', warnings: [{ field: 'top_k', message: expect.any(String) }] },
  ]);
});

test('a route that skips losses passes such a target over, and says what would be lost', async () => {
  const { vendor, submit, takeTurn } = await openWorker([{ provider: 'a' }], { onLoss: 'skip' });
  const { record, attempts } = await takeTurn(
    await submit(AS_MESSAGES, messagesBody({ top_k: 5 })),
  );
  expect(vendor.calls).toEqual([]);
  expect(attempts).toMatchObject([
    { outcome: 'skipped', rule: 'lossy', verdict: 'next_for_good', warnings: [{ field: 'top_k' }] },
  ]);
  expect(record).toMatchObject({ status: 'failed', end: { error: { rule: 'lossy' } } });
});

test('what cannot be left out is sent nowhere without it', async () => {
  const { vendor, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  const content = [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }];
  const { attempts } = await takeTurn(
    await submit(AS_MESSAGES, messagesBody({ messages: [{ role: 'user', content }] })),
  );
  expect(vendor.calls).toEqual([]);
  expect(attempts).toMatchObject([
    {
      outcome: 'skipped',
      rule: 'untranslatable',
      error: { message: expect.stringContaining('messages[0].content[0]') },
    },
  ]);
});

test('a provider that refuses a translated body leaves the job to others, for good', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, { status: 400, body: { error: { message: 'messages[1]: unexpected' } } });
  const job = await submit(AS_MESSAGES, messagesBody());
  await takeTurn(job);
  const { record, attempts } = await takeTurn(job);
  expect(attempts).toMatchObject([
    { provider: 'a', verdict: 'next_for_good', rule: 'default.translated_body_refused' },
    { provider: 'b', outcome: 'succeeded' },
  ]);
  expect(record.status).toBe('completed');
});

test('an answer that cannot be brought back is none', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  const message = { role: 'assistant', content: { not: 'text' } };
  vendor.onCall(/^\/a\//, { body: { id: 'x', choices: [{ index: 0, message }] } });
  const job = await submit(AS_MESSAGES, messagesBody());
  const { attempts } = await takeTurn(job);
  expect(attempts).toMatchObject([{ provider: 'a', outcome: 'failed', maybe_billed: true }]);
});
