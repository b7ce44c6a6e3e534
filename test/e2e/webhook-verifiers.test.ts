import { createPublicKey, verify } from 'node:crypto';
import { Anthropic } from '@anthropic-ai/sdk';
import { OpenAI } from 'openai';
import { validateWebhook } from 'replicate';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReceivedDelivery } from '../support/webhook-receiver.ts';
import { startWebhookScene, type Answer, type WebhookScene } from '../support/webhook-scene.ts';

/** What a receiver has to go by. */
type Signed = Pick<ReceivedDelivery, 'headers' | 'body'>;

interface Verifier {
  name: string;
  /** Throws, or rejects, when the delivery is not what it says it is. */
  verify(signed: Signed, secret: string): unknown;
  /** The one that looks at no clock takes also what is days old. */
  ignoresAge?: true;
}

const openAi = new OpenAI({ apiKey: 'unused' });
const anthropic = new Anthropic({ apiKey: 'unused' });

const VERIFIERS: readonly Verifier[] = [
  {
    name: 'standardwebhooks',
    verify: ({ body, headers }, secret) => new Webhook(secret).verify(body, headers),
  },
  {
    name: 'svix',
    verify: ({ body, headers }, secret) => new SvixWebhook(secret).verify(body, headers),
  },
  {
    name: 'openai',
    verify: ({ body, headers }, secret) => openAi.webhooks.unwrap(body, headers, secret),
  },
  {
    name: '@anthropic-ai/sdk',
    verify: ({ body, headers }, key) => anthropic.beta.webhooks.unwrap(body, { headers, key }),
  },
  {
    name: 'replicate',
    ignoresAge: true,
    verify: async ({ body, headers }, secret) => {
      const isValid = await validateWebhook({
        id: headers['webhook-id'] ?? '',
        timestamp: headers['webhook-timestamp'] ?? '',
        signature: headers['webhook-signature'] ?? '',
        body,
        secret,
      });
      if (!isValid) throw new Error('no signature fits');
    },
  },
];

let scene: WebhookScene;
let endpoint: Answer;
let secret: string;
/** A real delivery, as it came over HTTP. */
let delivery: ReceivedDelivery;

beforeAll(async () => {
  scene = await startWebhookScene();
  endpoint = await scene.api('POST', '/endpoints', 201, { url: `${scene.receiver.url}/in` });
  secret = String(endpoint['secret']);
  await scene.submit();
  [delivery] = (await scene.receiver.waitFor('/in')) as [ReceivedDelivery];
});
afterAll(() => scene[Symbol.asyncDispose]());

async function verdict({ verify: check }: Verifier, signed: Signed, key: string) {
  try {
    await check(signed, key);
    return 'verified';
  } catch {
    return 'refused';
  }
}

function withHeader(name: string, value: string): Signed {
  return { body: delivery.body, headers: { ...delivery.headers, [name]: value } };
}

test.each(VERIFIERS)('$name verifies a real delivery', async (verifier) => {
  expect(delivery.event.type).toBe('job.completed');
  expect(await verdict(verifier, delivery, secret)).toBe('verified');
});

test.each(VERIFIERS)('$name refuses what was changed on its way', async (verifier) => {
  const refused = async (signed: Signed, key = secret) =>
    expect(await verdict(verifier, signed, key)).toBe('refused');
  await refused({ ...delivery, body: delivery.body.replace('completed', 'cancelled') });
  await refused({ ...delivery, body: `${delivery.body} ` });
  await refused(withHeader('webhook-id', `${delivery.id}x`));
  const seconds = Number(delivery.headers['webhook-timestamp']);
  await refused(withHeader('webhook-timestamp', String(seconds + 1)));
  await refused(withHeader('webhook-signature', `v1,${Buffer.alloc(32).toString('base64')}`));
  await refused(delivery, `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
});

test.each(VERIFIERS)('$name and the age of a delivery', async (verifier) => {
  // Signed as it should be, but ten minutes ago: somebody plays a recording.
  const at = new Date(Date.now() - 600_000);
  const signature = new Webhook(secret).sign(delivery.id, at, delivery.body);
  const old = {
    body: delivery.body,
    headers: {
      ...delivery.headers,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    },
  };
  const expected = verifier.ignoresAge === true ? 'verified' : 'refused';
  expect(await verdict(verifier, old, secret)).toBe(expected);
});

test('during a rotation all five verify one delivery by the old secret and by the new one', async () => {
  const rotated = await scene.api('POST', `/endpoints/${endpoint.id}/rotate`, 200);
  await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
  const [, both] = await scene.receiver.waitFor('/in', 2);
  for (const key of [secret, String(rotated['secret'])]) {
    for (const verifier of VERIFIERS) {
      expect([verifier.name, await verdict(verifier, both!, key)]).toEqual([
        verifier.name,
        'verified',
      ]);
    }
  }
});

test('an Ed25519 signature verifies by the public key that the registration gave', async () => {
  const url = `${scene.receiver.url}/ed25519`;
  const { id, secret: publicKey } = await scene.api('POST', '/endpoints', 201, {
    url,
    kind: 'ed25519',
  });
  await scene.api('POST', `/endpoints/${id}/test`, 202);
  const [came] = await scene.receiver.waitFor('/ed25519');
  const { headers, body } = came!;
  const [version, signature = ''] = headers['webhook-signature']?.split(',') ?? [];
  expect(version).toBe('v1a');
  const x = Buffer.from(String(publicKey).replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const fits = (text: string) =>
    verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect([fits(signed), fits(`${signed} `)]).toEqual([true, false]);
});
