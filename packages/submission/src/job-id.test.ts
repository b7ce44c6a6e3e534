import { expect, test } from 'vitest';
import { createId, idOfKey, isId, isJobId, jobIdOfLine, withIdPrefix } from './job-id.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const NOON = Date.UTC(2026, 10, 22, 12);

test.each(['job_', 'resp_', 'file-', 'batch_', 'msgbatch_', 'batch_req_'] as const)(
  'an id that begins with %s is its prefix and 26 characters',
  (prefix) => {
    expect(createId(prefix, NOON)).toMatch(new RegExp(`^${prefix}[0-9a-hjkmnp-tv-z]{26}$`));
    expect(isId(prefix, createId(prefix, NOON))).toBe(true);
    expect(isId(prefix, idOfKey(prefix, 'acme', 'k'))).toBe(true);
  },
);

test('ids that are made later sort later', () => {
  const ids = [1, 5, 4000, 2 ** 40].map((ms) => createId('file-', ms));
  expect(ids.toReversed().toSorted()).toEqual(ids);
});

test('the instant of an id is read from its first ten characters, five bits each', () => {
  const digits = createId('job_', NOON).slice('job_'.length, 'job_'.length + 10);
  const instant = Array.from(digits, (digit) => ALPHABET.indexOf(digit)).reduce(
    (sum, value) => sum * 32 + value,
  );
  expect(instant).toBe(NOON);
});

test('ids of one instant differ, and each of the 16 characters after it takes every value', () => {
  const ids = Array.from({ length: 2000 }, () => createId('job_', NOON));
  expect(new Set(ids).size).toBe(2000);
  for (let at = 'job_'.length + 10; at < 'job_'.length + 26; at += 1) {
    expect(new Set(ids.map((id) => id[at])).size).toBe(32);
  }
});

test('a key gives the same id always, and another one in another project', () => {
  expect(idOfKey('batch_', 'acme', 'k')).toBe(idOfKey('batch_', 'acme', 'k'));
  expect(idOfKey('batch_', 'acme', 'k')).not.toBe(idOfKey('batch_', 'other', 'k'));
  expect(idOfKey('batch_', 'a', 'b\0c')).not.toBe(idOfKey('batch_', 'a', 'b'));
});

test('every line of a batch has a job of its own, the same each time', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => jobIdOfLine('batch_1', index + 1));
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every(isJobId)).toBe(true);
  expect(jobIdOfLine('batch_1', 7)).toBe(ids[6]);
  expect(jobIdOfLine('batch_2', 7)).not.toBe(ids[6]);
});

test('ids that are made from something stay what they were: another release makes the same', () => {
  expect(jobIdOfLine('batch_1', 7)).toBe('job_10skz0y34h78a7tf7bk0whtzhq');
  expect(idOfKey('file-', 'acme', 'k')).toBe('file-vktmnkrsgxbpt0ng956dc5v38a');
});

test('a job is the same thing under another prefix', () => {
  const job = createId('job_', NOON);
  expect(withIdPrefix('resp_', job)).toBe(job.replace('job_', 'resp_'));
  expect(withIdPrefix('job_', withIdPrefix('batch_req_', job))).toBe(job);
});

test.each(['job_', 'job_0', `job_${'u'.repeat(26)}`, `file-${'0'.repeat(26)}`, ''])(
  '%j is no id of a job',
  (text) => {
    expect(isJobId(text)).toBe(false);
  },
);
