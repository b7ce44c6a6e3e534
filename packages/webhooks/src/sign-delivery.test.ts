import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signDelivery } from './sign-delivery.ts';
import { createSigningKey, verifierOf } from './signing-key.ts';

const EVENT_ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const BODY = '{"test": 2432232314}';

test('the published vector of Standard Webhooks comes out', () => {
  const key = { kind: 'symmetric', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } as const;
  expect(signDelivery(EVENT_ID, BODY, [key], 1_614_265_330_000)).toEqual({
    'webhook-id': EVENT_ID,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('during a rotation a receiver verifies with either key, and with no other', () => {
  const now = Date.now();
  const [old, added, foreign] = [0, 1, 2].map(() => createSigningKey('symmetric', now));
  const headers = { ...signDelivery('evt_1_v4', BODY, [added!, old!], now) };
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  for (const key of [old, added]) {
    expect(new Webhook(key!.secret).verify(BODY, headers)).toEqual({ test: 2_432_232_314 });
  }
  expect(() => new Webhook(foreign!.secret).verify(BODY, headers)).toThrow('No matching signature');
  expect(() => new Webhook(old!.secret).verify(`${BODY} `, headers)).toThrow(
    'No matching signature',
  );
});

test('an Ed25519 signature verifies with the public key that was told', () => {
  const key = createSigningKey('ed25519', 0);
  const headers = signDelivery('evt_1_v4', BODY, [key], 5999);
  const [version, signature = ''] = headers['webhook-signature'].split(',');
  expect(version).toBe('v1a');
  const told = Buffer.from(verifierOf(key).replace(/^whpk_/, ''), 'base64');
  expect(told).toHaveLength(32);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: told.toString('base64url') },
    format: 'jwk',
  });
  const holds = (body: string): boolean =>
    verify(null, Buffer.from(`evt_1_v4.5.${body}`), publicKey, Buffer.from(signature, 'base64'));
  expect(holds(BODY)).toBe(true);
  expect(holds(`${BODY} `)).toBe(false);
});
