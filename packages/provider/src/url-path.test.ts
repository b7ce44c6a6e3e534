import { expect, test } from 'vitest';
import { pathSegment, UnsafeModelNameError } from './url-path.ts';

test('a model name stays one segment of the path', () => {
  for (const name of ['claude-sonnet-4@20250514', 'a/b', 'a?b=c', 'a#b', 'a%2Fb', 'a:b', 'ä b']) {
    const url = new URL(`https://host/models/${pathSegment(name)}:rawPredict`);
    expect(url.host).toBe('host');
    expect(url.search + url.hash).toBe('');
    expect(url.pathname.split('/')).toHaveLength(3);
    const segment = url.pathname.slice('/models/'.length, -':rawPredict'.length);
    expect(decodeURIComponent(segment)).toBe(name);
  }
});

test.each(['', '.', '..', '../x', 'a/../b', 'a\\..\\b', 'a\nb', 'a\u0000', 'a\u0085', '\ud800'])(
  'a name that could leave its place is refused: %j',
  (name) => {
    expect(() => pathSegment(name)).toThrow(UnsafeModelNameError);
  },
);
