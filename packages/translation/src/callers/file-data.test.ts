import { expect, test } from 'vitest';
import { fileAt, fileOfBase64 } from './file-data.ts';

const at = (url: string) => fileAt({ url, path: 'url', mediaType: 'image/*' });

test.each([
  ['data:image/webp;base64,UklGRg==', 'image/webp', 'UklGRg=='],
  ['data:image/PNG;name=a.png;BASE64,iVBORw', 'image/png', 'iVBORw'],
  ['data:;base64,iVBORw', 'image/*', 'iVBORw'],
  ['data:image/svg+xml,%3Csvg%2F%3E', 'image/svg+xml', Buffer.from('<svg/>').toString('base64')],
])('a data URI holds its bytes and its type: %s', (url, mediaType, data) => {
  expect(at(url)).toEqual({ mediaType, data: { type: 'data', data } });
});

test.each([
  ['https://example.org/a.PNG', 'image/png'],
  ['http://example.org/a?b=c.png', 'image/*'],
])('the ending of an address tells its type: %s', (url, mediaType) => {
  expect(at(url)).toEqual({ mediaType, data: { type: 'url', url: new URL(url) } });
});

test.each([
  'file:///etc/passwd',
  'gs://bucket/a.png',
  'a.png',
  '',
  'data:image/png',
  'data:image/png;base64,',
  'data:image/png;base64,!',
  'data:text/plain,%zz',
  'data:nothing;base64,AAAA',
])('%j is no file that another vendor could read', (url) => {
  expect(() => at(url)).toThrow(
    expect.objectContaining({ name: 'UntranslatableError', field: 'url' }) as Error,
  );
});

test('a long text that is no base64 is found out at once', () => {
  const startedAt = performance.now();
  expect(() => fileOfBase64(`${' '.repeat(1_000_000)}!`, 'image/png', 'data')).toThrow('base64');
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
