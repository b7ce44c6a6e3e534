import { expect, test } from 'vitest';
import { renderEvent } from './render-event.ts';

const EVENT = {
  id: 'evt_1_v3',
  type: 'job.completed' as const,
  project: 'acme',
  job: 'job_1',
  at: Date.UTC(2026, 10, 22),
};

test('an event is thin and has the members that Standard Webhooks advises', () => {
  const rendered: unknown = JSON.parse(renderEvent(EVENT, { maxResultBytes: 100 }, 'understudy'));
  expect(rendered).toEqual({
    id: 'evt_1_v3',
    object: 'event',
    type: 'job.completed',
    timestamp: '2026-11-22T00:00:00.000Z',
    data: {
      id: 'job_1',
      object: 'job',
      status: 'completed',
      links: { self: '/v1/jobs/job_1' },
    },
  });
});

test('an answer that is asked for goes in with its bytes as they came', () => {
  const result = Buffer.from('{"big":12345678901234567890,"text":"ä"}');
  const rendered = renderEvent(EVENT, { result, maxResultBytes: 100 }, 'understudy');
  expect(rendered).toContain('"result":{"body":{"big":12345678901234567890,"text":"ä"}}');
  expect(JSON.parse(rendered)).toMatchObject({ data: { result: { body: { text: 'ä' } } } });
});

test('an answer above the cap is left out, and the event says so', () => {
  const result = Buffer.from(JSON.stringify('x'.repeat(99)));
  const rendered: unknown = JSON.parse(
    renderEvent(EVENT, { result, maxResultBytes: 100 }, 'understudy'),
  );
  expect(rendered).toMatchObject({ data: { id: 'job_1', result_omitted: 'too_large' } });
  expect(rendered).not.toHaveProperty('data.result');
});

test('a test event says that it is one', () => {
  const { job: _none, ...event } = EVENT;
  const rendered: unknown = JSON.parse(renderEvent(event, { maxResultBytes: 1 }, 'understudy'));
  expect(rendered).toMatchObject({ type: 'job.completed', data: { test: true } });
});
