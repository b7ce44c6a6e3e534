import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleResponse } from '../testing/assemble-response.ts';
import { responses } from '../testing/plausible-answers.ts';
import { responseEvents } from './response-events.ts';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }],
};

test('the output can be put together of beginnings and deltas alone', () => {
  fc.assert(
    fc.property(responses, (answer) => {
      const whole = answer.output.map(({ ...item }) => withoutStatus(item));
      expect(assembleResponse(responseEvents(answer)).map(withoutStatus)).toEqual(whole);
    }),
  );
});

function withoutStatus({ status: _status, ...item }: Record<string, unknown>) {
  return item;
}

test('the events of one message come in the order in which OpenAI sends them', () => {
  const events = [...responseEvents({ id: 'resp_1', status: 'completed', output: [MESSAGE] })];
  expect(events.map(({ type }) => type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(events.map(({ sequence_number: number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a Response begins without output, usage and end', () => {
  const [created] = responseEvents({
    id: 'resp_1',
    status: 'completed',
    completed_at: 2,
    output: [MESSAGE],
    usage: { input_tokens: 1 },
  });
  expect(created?.['response']).toEqual({
    id: 'resp_1',
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    output: [],
  });
});

test.each([
  [undefined, 'response.completed'],
  ['completed', 'response.completed'],
  ['incomplete', 'response.incomplete'],
  ['failed', 'response.failed'],
  ['cancelled', 'response.failed'],
])('a Response of status %s ends with %s', (status, type) => {
  const response = { id: 'resp_1', output: [], ...(status === undefined ? {} : { status }) };
  expect([...responseEvents(response)].at(-1)).toMatchObject({ type, response });
});

test('an item without an id comes whole, as its pieces could not name it', () => {
  const item = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
  const events = [...responseEvents({ output: [item] })].slice(2, -1);
  expect(events.map(({ type }) => type)).toEqual([
    'response.output_item.added',
    'response.output_item.done',
  ]);
  expect(events.map((event) => event['item'])).toEqual([item, item]);
});
