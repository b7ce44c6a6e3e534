import { expect, test } from 'vitest';
import { publicOrigin } from './public-origin.ts';

const originFor = (headers: Record<string, string>, publicUrl?: string) =>
  publicOrigin(
    { protocol: 'http', host: 'llm.example.com:8080', headers },
    { server: { maxConnections: 1, ...(publicUrl === undefined ? {} : { publicUrl }) } },
  );

test.each([
  [undefined, 'http'],
  ['http', 'http'],
  ['https', 'https'],
  ['HTTPS', 'https'],
  [' https , http', 'https'],
  ['https,http', 'https'],
  ['http, https', 'http'],
  ['', 'http'],
  ['gopher', 'http'],
])('what a proxy says is spoken before it, %j, makes %s', (forwarded, scheme) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-proto': forwarded };
  expect(originFor(headers)).toBe(`${scheme}://llm.example.com:8080`);
});

test("the operator's word goes before that of any header", () => {
  const headers = { 'x-forwarded-proto': 'http' };
  expect(originFor(headers, 'https://llm.example.com')).toBe('https://llm.example.com');
});
