import { expect, test } from 'vitest';
import { inputItemPage, inputItems } from './input-items.ts';
import { startTestApi } from '../testing/start-test-api.ts';
import { submitResponse } from './testing/submit-response.ts';

test('a text is one message of the user', () => {
  expect(inputItems('Hello', 'X')).toEqual([
    {
      id: 'msg_X0',
      type: 'message',
      role: 'user',
      status: 'completed',
      content: [{ type: 'input_text', text: 'Hello' }],
    },
  ]);
});

test('messages in short form are written out, and other items keep all they have', () => {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'call_1', output: '7' };
  const image = [{ type: 'input_image', image_url: 'https://a.example/a.png', detail: 'auto' }];
  const items = inputItems(
    [{ role: 'user', content: image }, { role: 'assistant', content: 'Good day.' }, call, output],
    'X',
  );
  expect(items).toEqual([
    { id: 'msg_X0', type: 'message', role: 'user', status: 'completed', content: image },
    {
      id: 'msg_X1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Good day.', annotations: [] }],
    },
    call,
    { ...output, id: 'item_X3' },
  ]);
});

test('pages follow each other without a gap, in either order', () => {
  const items = inputItems(
    Array.from({ length: 5 }, (_, index) => ({ role: 'user', content: String(index) })),
    'X',
  );
  for (const order of ['asc', 'desc'] as const) {
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = inputItemPage(items, { order, limit: 2, after });
      seen.push(...page.data.map(({ id }) => id));
      expect(page.last_id).toBe(page.data.at(-1)?.id);
      if (!page.has_more) break;
      after = page.last_id;
    }
    const ids = items.map(({ id }) => id);
    expect(seen).toEqual(order === 'asc' ? ids : ids.toReversed());
  }
});

test('large numbers of the input stay as they were written', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { input: [{ type: 'item_of_tomorrow', n: 1 }] });
  expect(await (await api.call(`/v1/responses/${id}/input_items`)).json()).toMatchObject({
    object: 'list',
    data: [{ type: 'item_of_tomorrow', n: 1 }],
    has_more: false,
  });
  const job = await api.call('/v1/jobs', {
    method: 'POST',
    body: `{"endpoint":"/v1/responses","body":{"model":"one-way","input":[{"type":"x","n":12345678901234567890}]}}`,
  });
  const { id: large } = (await job.json()) as { id: string };
  const items = await api.call(`/v1/responses/${large.replace('job_', 'resp_')}/input_items`);
  expect(await items.text()).toContain('"n":12345678901234567890');
});

test('an item to go on after that is not there is refused by name', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  const response = await api.call(`/v1/responses/${id}/input_items?after=msg_none`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: 'after' } });
});
