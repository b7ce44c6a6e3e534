import { expect, test } from 'vitest';
import { HOSTILE_MODEL_NAMES } from './hostile-model-names.ts';
import { urlSafetyProblem } from './url-shape.ts';

const shape = { before: 'https://host/v1/model/', after: '/converse' };

function found(urlOf: (name: string) => string): string[] {
  return HOSTILE_MODEL_NAMES.filter(
    (name) => urlSafetyProblem(shape, name, urlOf(name)) !== undefined,
  );
}

test('there are more than 50 different hostile names', () => {
  expect(new Set(HOSTILE_MODEL_NAMES).size).toBe(HOSTILE_MODEL_NAMES.length);
  expect(HOSTILE_MODEL_NAMES.length).toBeGreaterThan(50);
});

test('a name that is put into a path as it is gets found out', () => {
  const names = found((name) => `https://host/v1/model/${name}/converse`);
  for (const name of ['..', 'a/../b', '%2e%2e', '?x=', '#', 'a\nb', '\uff0e\uff0e', '__proto__']) {
    expect({ name, isFound: names.includes(name) }).toEqual({
      name,
      isFound: name !== '__proto__',
    });
  }
});

test('percent-encoding alone does not keep dots in their place', () => {
  const names = found((name) => {
    const encoded = name.isWellFormed() ? encodeURIComponent(name) : '';
    return new URL(`https://host/v1/model/${encoded}/converse`).href;
  });
  expect(names).toEqual(['.', '..', '\ud800', 'a\udfff']);
});

test('an address that a name in the body changes is found out', () => {
  const url = 'https://host/v1/messages';
  expect(urlSafetyProblem({ before: url }, 'a', url)).toBeUndefined();
  expect(urlSafetyProblem({ before: url }, 'a', `${url}?model=a`)).toContain('is not');
});

test('a name that arrives as another one is found out', () => {
  expect(urlSafetyProblem(shape, 'a/b', 'https://host/v1/model/a-b/converse')).toContain(
    'does not carry the name',
  );
});
