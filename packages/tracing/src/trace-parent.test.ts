import { expect, test } from 'vitest';
import { spanContextOf, traceIdOf, traceparentOf } from './trace-parent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a valid traceparent names a trace, a span and whether it is kept, and is written as it was read', () => {
  const text = `00-${TRACE}-${SPAN}-01`;
  const context = spanContextOf({ traceparent: text });
  expect(context).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
  expect(context === undefined ? '' : traceparentOf(context)).toBe(text);
  expect(traceIdOf(text)).toBe(TRACE);
});

test('of the flags only that of keeping is handed on', () => {
  const context = spanContextOf({ traceparent: `00-${TRACE}-${SPAN}-fe` });
  expect(context === undefined ? '' : traceparentOf(context)).toBe(`00-${TRACE}-${SPAN}-00`);
});

test.each([
  ['no text', ''],
  ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['more than is known', `00-${TRACE}-${SPAN}-01-more`],
  ['a line break', `00-${TRACE}-${SPAN}-01\n`],
])('%s is no trace context', (_what, text) => {
  expect(spanContextOf({ traceparent: text })).toBeUndefined();
});
