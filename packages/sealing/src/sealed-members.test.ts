import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseEncryptionKeys } from './encryption-keys.ts';
import { createSealedMembers } from './sealed-members.ts';
import { createSealer } from './sealer.ts';

const KEYS = parseEncryptionKeys(`k1:${randomBytes(32).toString('base64')}`);
const PLACE = 'understudy:{u01}:job_1#request';
const RECORD = { id: 'job_1', model: 'm', metadata: { customer: 'Ada' }, user: undefined };
const NAMES = ['metadata', 'user'];

const throughJson = (value: object): unknown => JSON.parse(JSON.stringify(value));

test('named members are read by nobody without the key, and the rest by everybody', () => {
  const members = createSealedMembers(createSealer(KEYS), NAMES);
  const kept = members.seal(RECORD, PLACE);
  expect(kept).toEqual({
    id: 'job_1',
    model: 'm',
    sealed: expect.stringMatching(/^sealed:[A-Za-z0-9+/=]+$/),
  });
  const { user: _absent, ...record } = RECORD;
  expect(members.open(throughJson(kept), PLACE)).toEqual(record);
  expect(() => members.open(throughJson(kept), `${PLACE}2`)).toThrow(/changed or moved/);
  const without = createSealedMembers(createSealer([]), NAMES);
  expect(() => without.open(throughJson(kept), PLACE)).toThrow(/under the key "k1"/);
});

test('a record without any of them is kept as it is', () => {
  const members = createSealedMembers(createSealer(KEYS), NAMES);
  expect(members.seal({ id: 'job_1', metadata: undefined }, PLACE)).toEqual({ id: 'job_1' });
});

test('a record in clear is read, unless seals are required', () => {
  const kept = throughJson(createSealedMembers(createSealer([]), NAMES).seal(RECORD, PLACE));
  expect(createSealedMembers(createSealer(KEYS), NAMES).open(kept, PLACE)).toEqual(kept);
  const strict = createSealedMembers(createSealer(KEYS, { required: true }), NAMES);
  expect(() => strict.open(kept, PLACE)).toThrow(/not encrypted, and is not read/);
  expect(strict.open({ id: 'job_1' }, PLACE)).toEqual({ id: 'job_1' });
  // What is in clear beside the sealed ones would replace them for whoever read it first.
  const sealed = throughJson(strict.seal(RECORD, PLACE));
  const forged = { ...Object(sealed), user: 'somebody else' };
  expect(() => strict.open(forged, PLACE)).toThrow(/not encrypted, and is not read/);
});
