import { createSigningKey, signDelivery, verifierOf } from '@understudy/webhooks';
import { expect, test } from 'vitest';
import { verifyWebhook } from './verify-webhook.ts';

const BODY = JSON.stringify({ id: 'evt_1', type: 'job.completed', text: 'ä' });
const NOW = Date.UTC(2026, 10, 22);
const SECRET = createSigningKey('symmetric', NOW);

const deliver = (keys = [SECRET], at = NOW) => ({ ...signDelivery('evt_1', BODY, keys, at) });
const FORGED = 'no signature of the delivery fits';

test('the published vector of Standard Webhooks fits', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const now = 1_614_265_330_000;
  expect(await verifyWebhook('{"test": 2432232314}', headers, secret, { now })).toEqual({
    test: 2_432_232_314,
  });
  await expect(verifyWebhook('{"test": 2432232315}', headers, secret, { now })).rejects.toThrow(
    FORGED,
  );
});

test('what the broker signs is taken as text, as bytes, and with any kind of headers', async () => {
  const plain = deliver();
  for (const headers of [plain, new Headers(plain)]) {
    for (const body of [BODY, new TextEncoder().encode(BODY)]) {
      const event = await verifyWebhook(body, headers, SECRET.secret, { now: NOW });
      expect(event).toMatchObject({ id: 'evt_1', type: 'job.completed' });
    }
  }
});

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)(
  'another or no %s is refused',
  async (name) => {
    const other = { ...deliver(), [name]: name === 'webhook-timestamp' ? '1795305601' : 'v1,AAAA' };
    await expect(verifyWebhook(BODY, other, SECRET.secret, { now: NOW })).rejects.toMatchObject({
      name: 'WebhookVerificationError',
    });
    const without = { ...deliver(), [name]: undefined };
    await expect(verifyWebhook(BODY, without, SECRET.secret, { now: NOW })).rejects.toThrow(name);
  },
);

/** A delivery of `ageMs` ago; of the future where that is negative. */
const verifyAged = (ageMs: number, toleranceSeconds?: number) =>
  verifyWebhook(BODY, deliver(), SECRET.secret, {
    now: NOW + ageMs,
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
  });

test('a delivery is taken for five minutes to both sides, or for as long as told', async () => {
  await verifyAged(300_000);
  await verifyAged(-300_000);
  await expect(verifyAged(301_000)).rejects.toThrow('more than 300 s old');
  await expect(verifyAged(-301_000)).rejects.toThrow('from the future');
  await expect(verifyAged(11_000, 10)).rejects.toThrow('more than 10 s old');
  await verifyAged(3_600_000, 3600);
});

test('during a rotation either secret fits, on both sides, and a foreign one does not', async () => {
  const added = createSigningKey('symmetric', NOW);
  const foreign = createSigningKey('symmetric', NOW).secret;
  const both = deliver([added, SECRET]);
  await verifyWebhook(BODY, both, SECRET.secret, { now: NOW });
  await verifyWebhook(BODY, both, added.secret, { now: NOW });
  await verifyWebhook(BODY, deliver([added]), [SECRET.secret, added.secret], { now: NOW });
  await expect(verifyWebhook(BODY, both, foreign, { now: NOW })).rejects.toThrow(FORGED);
});

test('an Ed25519 delivery fits its public key, and no other', async () => {
  const key = createSigningKey('ed25519', NOW);
  const headers = deliver([key]);
  await verifyWebhook(BODY, headers, verifierOf(key), { now: NOW });
  const other = verifierOf(createSigningKey('ed25519', NOW));
  await expect(verifyWebhook(BODY, headers, other, { now: NOW })).rejects.toThrow(FORGED);
  await expect(verifyWebhook(`${BODY} `, headers, verifierOf(key), { now: NOW })).rejects.toThrow(
    FORGED,
  );
  // The public key is no secret: a signature made by HMAC with it must not count.
  await expect(verifyWebhook(BODY, deliver(), verifierOf(key), { now: NOW })).rejects.toThrow(
    FORGED,
  );
});

test.each(['whsec_', 'whsec_not base64!', ''])('"%s" is no secret', async (secret) => {
  const verifying = verifyWebhook(BODY, deliver(), secret, { now: NOW });
  await expect(verifying).rejects.toThrow('neither whsec_');
});
