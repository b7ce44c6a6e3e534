import { expect, test } from 'vitest';
import { foretell, stateWords } from './target-state.ts';

function targets(...states: string[]) {
  return states.map((state, index) => ({
    target: `p${index}/m`,
    provider: `p${index}`,
    state,
  }));
}

test('the first open target is where a job would go', () => {
  expect(foretell(targets('open', 'open'))).toBe('A job would go to p0/m.');
  expect(foretell(targets('cooling_down', 'unmapped', 'open'))).toBe(
    'A job would pass 2 targets over and go to p2/m.',
  );
});

test('where no target is open a job waits, unless none could ever take it', () => {
  expect(foretell(targets('cooling_down', 'unmapped'))).toContain('wait for the first that opens');
  expect(foretell(targets('unmapped', 'retired'))).toContain('would fail');
  expect(foretell([])).toBe('This route has no target.');
});

test('a job would try a target whose cool-down is over', () => {
  expect(foretell(targets('cooling_down', 'probing'))).toBe(
    'No target is open: a job would try p1/m, unless one tries it already.',
  );
  expect(foretell(targets('probing', 'open'))).toBe(
    'A job would try p0/m, or go to p1/m while one tries it already.',
  );
});

test('an arm of a split is taken by its share alone', () => {
  const arms = [
    { target: 'a/m7', provider: 'a', state: 'open', share: 0.7 },
    { target: 'a/m6', provider: 'a', state: 'open', share: 0.3 },
  ];
  expect(foretell(arms)).toBe('A job is drawn by weight; 70 % would be answered by a/m7.');
});

test('a state that is not known stands for itself', () => {
  expect(stateWords('some_new_rule')).toMatchObject({ fate: 'passed', label: 'some new rule' });
});
