import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEncryptionKeys } from './encryption-keys.ts';
import { MissingKeyError } from './seal-errors.ts';
import { SEAL_BYTES, createSealer } from './sealer.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const sealerOf = (...keys: string[]) => createSealer(parseEncryptionKeys(keys.join(',')));

const PLACE = 'understudy:{u01}:acme:job:job_1:request';

test('what was sealed opens in its place, byte for byte, and nowhere else', () => {
  const sealer = sealerOf(newKey('k1'));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string(), (bytes, place) => {
      const sealed = sealer.seal(bytes, place);
      expect(sealed.length).toBe(bytes.length + SEAL_BYTES);
      expect(sealer.open(sealed, place).equals(bytes)).toBe(true);
      expect(() => sealer.open(sealed, `${place}2`)).toThrow(/changed or moved/);
    }),
  );
});

test('a sealed text is a text, opens to itself and shows nothing of it', () => {
  const sealer = sealerOf(newKey('k1'));
  const sealed = sealer.sealText('{"secret":"grüße"}', PLACE);
  expect(sealed).toMatch(/^sealed:[A-Za-z0-9+/=]+$/);
  expect(Buffer.from(sealed.slice(7), 'base64').includes('secret')).toBe(false);
  expect(sealer.openText(sealed, PLACE)).toBe('{"secret":"grüße"}');
});

test('sealing the same twice gives bytes that have nothing in common but the head', () => {
  const sealer = sealerOf(newKey('k1'));
  const [one, two] = [1, 2].map(() => sealer.seal(Buffer.from('the same'), PLACE));
  // Magic, id of the key and salt; nonce, ciphertext and tag follow.
  expect(one!.subarray(0, 36).equals(two!.subarray(0, 36))).toBe(true);
  expect(one!.subarray(36, 48).equals(two!.subarray(36, 48))).toBe(false);
  expect(one!.subarray(48).equals(two!.subarray(48))).toBe(false);
});

test('no byte of what was sealed can be changed unnoticed', () => {
  const sealer = sealerOf(newKey('k1'));
  const sealed = sealer.seal(Buffer.from('a completion'), PLACE);
  const outcomes = Array.from(sealed, (_, at) => {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    try {
      return sealer.open(changed, PLACE).equals(changed) ? 'not sealed' : 'opened';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  });
  // The mark in front, then the id of the key, then all else.
  expect(outcomes.slice(0, 4)).toEqual(Array(4).fill('not sealed'));
  expect(new Set(outcomes.slice(4, 20))).toEqual(new Set(['MissingKeyError']));
  expect(new Set(outcomes.slice(20))).toEqual(new Set(['BrokenSealError']));
});

test('after a rotation the new key seals, and the old one still opens', () => {
  const [first, second] = [newKey('k1'), newKey('k2')];
  const old = sealerOf(first).seal(Buffer.from('old'), PLACE);
  const rotated = sealerOf(second, first);
  expect(rotated.open(old, PLACE).toString()).toBe('old');
  const fresh = rotated.seal(Buffer.from('new'), PLACE);
  expect(sealerOf(second).open(fresh, PLACE).toString()).toBe('new');
  expect(() => sealerOf(second).open(old, PLACE)).toThrow(MissingKeyError);
});

test('a key that is missing is named with the remedy, also where no key is set at all', () => {
  const sealed = sealerOf(newKey('spring-2026')).seal(Buffer.from('x'), PLACE);
  for (const sealer of [sealerOf(newKey('k2')), createSealer([])]) {
    expect(() => sealer.open(sealed, PLACE)).toThrow(
      /under the key "spring-2026".*add it to UNDERSTUDY_ENCRYPTION_KEYS/,
    );
  }
});

test('other bytes under the id of a key open nothing', () => {
  const sealed = sealerOf(newKey('k1')).sealText('x', PLACE);
  expect(() => sealerOf(newKey('k1')).openText(sealed, PLACE)).toThrow(
    /does not decrypt under the key "k1"/,
  );
});

test('what was written before there was a key is read as it is', () => {
  const [plain, sealer] = [createSealer([]), sealerOf(newKey('k1'))];
  const body = Buffer.from('{"model":"m"}');
  expect(sealer.open(plain.seal(body, PLACE), PLACE)).toEqual(body);
  expect(sealer.openText(plain.sealText('whsec_x', PLACE), PLACE)).toBe('whsec_x');
  expect([plain.encrypts, sealer.encrypts]).toEqual([false, true]);
});

test('what many processes sealed, each under a message key of its own, opens in any of them', () => {
  const key = newKey('k1');
  const sealed = Array.from({ length: 600 }, (_, index) =>
    sealerOf(key).seal(Buffer.from(String(index)), PLACE),
  );
  const sealer = sealerOf(key);
  expect(sealed.map((one) => Number(sealer.open(one, PLACE)))).toEqual([...sealed.keys()]);
  const salts = new Set(sealed.map((one) => one.toString('latin1', 20, 36)));
  expect(salts.size).toBe(600);
});
