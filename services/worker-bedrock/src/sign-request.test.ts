import { callProvider, createDispatcher, pathSegment } from '@understudy/provider';
import { type RecordedRequest, startRecordingProvider } from '@understudy/provider/testing';
import { AwsV4Signer } from 'aws4fetch';
import { expect, test } from 'vitest';
import { signatureHeaders } from './sign-request.ts';

// The pair that AWS's own documentation uses.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const region = 'eu-central-1';
const scope = { region, service: 'bedrock' } as const;
const signedAt = new Date('2026-11-22T12:00:00Z');
const body = Buffer.from('{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}');

const IDS = [
  'openai.gpt-5.5',
  'anthropic.claude-sonnet-4-20250514-v1:0',
  'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123',
  'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-6-v1',
  "a model's (odd) name*~",
];

/** The same request signed by an implementation that shares no code with ours. */
async function independentSignature(
  url: string,
  headers: Readonly<Record<string, string>>,
  token: { sessionToken?: string } = {},
): Promise<string | null> {
  const signer = new AwsV4Signer({
    ...credentials,
    ...token,
    url,
    method: 'POST',
    service: 'bedrock',
    region,
    body,
    headers,
    datetime: '20261122T120000Z',
  });
  const signed = await signer.sign();
  return signed.headers.get('authorization');
}

function urlOf(origin: string, id: string): string {
  return `${origin}/model/${pathSegment(id)}/converse`;
}

test.each(IDS)('%s is signed as an independent implementation signs it', async (id) => {
  const url = urlOf('https://bedrock-runtime.eu-central-1.amazonaws.com', id);
  const request = { method: 'POST' as const, url, headers: { accept: '*/*' }, body };
  const { authorization, ...signed } = await signatureHeaders(
    request,
    credentials,
    scope,
    signedAt,
  );
  expect(authorization).toMatch(
    /Credential=AKIDEXAMPLE\/20261122\/eu-central-1\/bedrock\/aws4_req/,
  );
  expect(authorization).toBe(await independentSignature(url, signed));
});

test('a session token is sent and signed', async () => {
  const url = urlOf('https://bedrock-runtime.eu-central-1.amazonaws.com', IDS[1] ?? '');
  const request = { method: 'POST' as const, url, headers: {}, body };
  const token = { sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE==' };
  const { authorization, ...signed } = await signatureHeaders(
    request,
    { ...credentials, ...token },
    scope,
    signedAt,
  );
  expect(signed['x-amz-security-token']).toBe(token.sessionToken);
  expect(authorization).toContain('x-amz-security-token');
  expect(authorization).toBe(await independentSignature(url, signed, token));
});

async function signatureFor(id: string, bytes: Buffer, date: Date): Promise<string | undefined> {
  const url = urlOf('https://bedrock-runtime.eu-central-1.amazonaws.com', id);
  const request = { method: 'POST' as const, url, headers: {}, body: bytes };
  return (await signatureHeaders(request, credentials, scope, date))['authorization'];
}

test('another body, id or minute makes another signature', async () => {
  const signatures = await Promise.all([
    signatureFor('amazon.nova-lite-v1:0', body, signedAt),
    signatureFor('amazon.nova-pro-v1:0', body, signedAt),
    signatureFor('amazon.nova-lite-v1:0', Buffer.from('{}'), signedAt),
    signatureFor('amazon.nova-lite-v1:0', body, new Date('2026-11-22T12:01:00Z')),
  ]);
  expect(new Set(signatures).size).toBe(4);
});

test.each(IDS)('what a server receives for %s bears its signature', async (id) => {
  await using provider = await startRecordingProvider('{}');
  const url = urlOf(provider.baseUrl, id);
  const request = { method: 'POST' as const, url, headers: {}, body };
  const headers = await signatureHeaders(request, credentials, scope, signedAt);
  const dispatcher = createDispatcher({ connections: 1 });
  const { signal } = new AbortController();
  await callProvider({ url, headers, body, timeoutMs: 5000, signal, dispatcher });
  await dispatcher.destroy();
  const [received] = provider.requests;
  if (received === undefined) throw new Error('No request arrived.');
  expect(received.headers['authorization']).toBe(await signatureOf(received));
});

/** Signs what arrived, from what stands in it alone. */
function signatureOf({ path, headers }: RecordedRequest): Promise<string | null> {
  const amazon = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-'));
  return independentSignature(
    `http://${String(headers['host'])}${path}`,
    Object.fromEntries(amazon.map(([name, value]) => [name, String(value)])),
  );
}
