import { expect, test } from 'vitest';
import { editTopLevel } from '../edit-top-level.ts';
import { evaluateBody } from './evaluate-body.ts';
import type { StreamFormat } from './stream-events.ts';

const MESSAGE = '{"id":"msg_1","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}';
const START = '{"type":"message_start","message":{"id":"msg_1","content":[]}}';
const END = '{"type":"message_delta","delta":{"stop_reason":"end_turn"}}';
const STREAM = [START, END, '{"type":"message_stop"}'].map((data) => `data: ${data}\n\n`).join('');

test.each<[string, StreamFormat | undefined, string]>([
  ['that came at once', undefined, MESSAGE],
  ['that was to be streamed and came at once', 'server-sent-events', MESSAGE],
  ['that was streamed', 'server-sent-events', STREAM],
])('of an answer %s a byte order mark is neither judged nor kept', (_how, format, text) => {
  const marked = Buffer.from(`\uFEFF${text}`);
  const { evaluated, body } = evaluateBody(format, 'messages', 200, {}, marked);
  expect(evaluated).toMatchObject({ ok: true, responseId: 'msg_1' });
  expect(evaluateBody(format, 'messages', 200, {}, Buffer.from(text)).body).toEqual(body);
  expect(JSON.parse(String(editTopLevel(body, { id: 'ours' })))).toMatchObject({ id: 'ours' });
});

test('of a refusal the rules see no byte order mark either', () => {
  const error = '{"error":{"type":"rate_limit_error"}}';
  const { evaluated } = evaluateBody(undefined, 'messages', 429, {}, Buffer.from(`\uFEFF${error}`));
  expect(evaluated).toEqual({ ok: false, failed: { status: 429, headers: {}, body: error } });
});
