import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrub } from './scrub.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

test.each([
  [
    'Incorrect API key provided: sk-ab***yz. Get one.',
    'Incorrect API key provided: [masked]. Get one.',
  ],
  ['Incorrect API key provided: xa***et.', 'Incorrect API key provided: [masked].'],
  ['key sk-ant-api03-Ab_9-xyz0 is bad', 'key [masked] is bad'],
  ['authorization: Bearer abc123.def-456', 'authorization: Bearer [masked]'],
  ['https://x.example/v1?key=AbC123&alt=sse', 'https://x.example/v1?key=[masked]&alt=sse'],
  ['AIzaSyA1234567890abcdefgh used', '[masked] used'],
  ['token dapi0123456789abcdef0123456789abcdef-2', 'token [masked]'],
  ['AKIAIOSFODNN7EXAMPLE', '[masked]'],
  ['x-amz-security-token:IQoJb3JpZ2luX2VjEXAMPLE', 'x-amz-security-token:[masked]'],
  ['bedrock-api-key-YmVkcm9jaw', '[masked]'],
  ['ya29.a0AfH6SMBx_y-z1234', '[masked]'],
  ['gsk_abcDEF123456', '[masked]'],
  ['jwt eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl!', 'jwt [masked]!'],
  ['{"api_key":"hunter2hunter2","n":1}', '{"api_key":"[masked]","n":1}'],
])('%s is masked', (text, expected) => {
  expect(scrub(text, [])).toBe(expected);
});

test.each([
  'The model `gpt-5.5` does not exist',
  'risk-free task-force monkey_patch',
  'Missing bearer authentication in header',
  '{"error_code":"cmek_key_unreachable","max_tokens":"5"}',
  'Limit 30000, Used 29800, tokens=5',
])('%s stays', (text) => {
  expect(scrub(text, [])).toBe(text);
});

test('a known credential is masked wherever and however it is written', () => {
  const secret = 'p@ss"word/ü';
  const text = `${secret} ${JSON.stringify({ secret })} ?x=${encodeURIComponent(secret)}`;
  expect(scrub(text, [secret])).toBe('[masked] {"secret":"[masked]"} ?x=[masked]');
});

test('a credential that begins with another leaves no rest behind', () => {
  expect(scrub('abcdef-long', ['abcdef', 'abcdef-long'])).toBe('[masked]');
});

test('a credential as short as a word masks nothing', () => {
  expect(scrub('an error', ['an', ''])).toBe('an error');
});

test('a long text is cut to 8192 bytes, and says so', () => {
  const cut = scrub('ü'.repeat(8192), []);
  expect(cut.endsWith('ü… [cut]')).toBe(true);
  expect(bytesOf(cut)).toBeLessThanOrEqual(8192);
  expect(bytesOf(cut)).toBeGreaterThan(8192 - 4);
  expect(scrub('x'.repeat(8192), [])).toBe('x'.repeat(8192));
});

test('no cut falls within a character, and no secret survives one', () => {
  const parts = fc.array(fc.constantFrom('a', 'ü', '€', '😀', ' ', 's3cret-value'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(parts, fc.integer({ min: 10, max: 80 }), (text, maxBytes) => {
      const scrubbed = scrub(text.join(''), ['s3cret-value'], maxBytes);
      expect(bytesOf(scrubbed)).toBeLessThanOrEqual(Math.max(maxBytes, 10));
      expect(scrubbed).not.toContain('\uFFFD');
      expect(scrubbed).not.toContain('s3c');
    }),
  );
});
