import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { checkCallerUrl } from './caller-url.ts';
import { createGuardedDispatcher } from './guarded-dispatcher.ts';
import type { OutboundPolicy } from './outbound-policy.ts';
import { postOutbound } from './post-outbound.ts';
import type { ResolveHost } from './resolve-host.ts';
import { HOSTILE_NAMES, HOSTILE_URLS } from './testing/hostile-urls.ts';
import { hasIpv6, startWatchedServer, watchConnects } from './testing/watched-server.ts';

const NOTHING: OutboundPolicy = { allow: [] };
const EVERYTHING: OutboundPolicy = { allow: ['0.0.0.0/0', '::/0'] };
/** Permits any port to what the hostile names mix in, so that the port is no reason to refuse. */
const SOMETHING: OutboundPolicy = { allow: ['8.8.8.8', '2606:4700::1111'] };

const answerOk = startWatchedServer.bind(undefined, (_, response) => response.end('ok'));

function answering(answers: readonly string[] | undefined): ResolveHost {
  if (answers !== undefined) return () => Promise.resolve(answers);
  return () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
}

function post(url: string, policy: OutboundPolicy, resolve: ResolveHost = answering(undefined)) {
  const dispatcher = createGuardedDispatcher(policy, { resolve, connectTimeoutMs: 2_000 });
  onTestFinished(() => dispatcher.destroy());
  return postOutbound({ url, headers: {}, body: '{}', timeoutMs: 4_000, dispatcher });
}

test('the tables are long, and no URL stands there twice', () => {
  const urls = [...HOSTILE_URLS.map(({ url }) => url), ...HOSTILE_NAMES.map(({ name }) => name)];
  expect(urls.length).toBeGreaterThan(150);
  expect(new Set(urls).size).toBe(urls.length);
});

test.each(HOSTILE_URLS)('$url is refused when it is given', ({ url, says }) => {
  const check = checkCallerUrl(url.replace('PORT', '8443'), NOTHING);
  expect(check).toEqual({ ok: false, reason: expect.stringContaining(says) });
});

test('URLs that nobody checked before connect nowhere all the same', async () => {
  const { port, accepted } = await answerOk();
  const connects = watchConnects();
  const results = await Promise.all(
    HOSTILE_URLS.map(async ({ url }) => {
      const resolve = answering(url.includes('public.example') ? ['8.8.8.8'] : undefined);
      return { url, ...(await post(url.replace('PORT', `${port}`), NOTHING, resolve)) };
    }),
  );
  expect(results.filter(({ kind }) => kind === 'answer')).toEqual([]);
  expect({ connects: connects.count(), accepted: accepted() }).toEqual({
    connects: 0,
    accepted: 0,
  });
  // Each one that is a URL at all is refused by the guard itself, and not merely for want of a name.
  const refusals = HOSTILE_URLS.filter(({ reaches }) => reaches !== undefined);
  const refused = results.filter(({ kind }) => kind === 'refused').map(({ url }) => url);
  expect(refused).toEqual(expect.arrayContaining(refusals.map(({ url }) => url)));
});

test.each(HOSTILE_URLS.filter(({ reaches }) => reaches === 'ipv4' || (reaches && hasIpv6)))(
  '$url would have reached this machine without the guard',
  async ({ url }) => {
    const { port, accepted } = await answerOk();
    const plain = url.replace('https:', 'http:').replace('PORT', `${port}`);
    const result = await post(plain, EVERYTHING);
    expect(result).toMatchObject({ kind: 'answer', status: 200 });
    expect(accepted()).toBe(1);
  },
);

test.each(HOSTILE_NAMES)('$name, which leads to $answers, is refused', async (hostile) => {
  const { port, accepted } = await answerOk();
  const connects = watchConnects();
  const check = checkCallerUrl(`https://${hostile.name}:${port}/`, SOMETHING);
  if (!check.ok) throw new Error(`refused too early: ${check.reason}`);
  const result = await post(check.url, SOMETHING, answering(hostile.answers));
  expect(result).toEqual({ kind: 'refused', reason: expect.stringContaining(hostile.says) });
  expect({ connects: connects.count(), accepted: accepted() }).toEqual({
    connects: 0,
    accepted: 0,
  });
});

test('a name that leads inside does not show its address to the caller', async () => {
  const result = await post('https://private.example/', NOTHING, answering(['10.1.2.3']));
  expect(result).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify(result)).not.toContain('10.1.2.3');
});

test('an allowed network gives plain http to nobody outside it', async () => {
  const connects = watchConnects();
  const policy = { allow: ['10.0.0.0/8'] };
  for (const answers of [['8.8.8.8'], ['10.1.2.3', '8.8.8.8']]) {
    expect(checkCallerUrl('http://hooks.example:81/', policy)).toMatchObject({ ok: true });
    expect(await post('http://hooks.example:81/', policy, answering(answers))).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('"http" is not permitted for hooks.example'),
    });
  }
  expect(connects.count()).toBe(0);
});

test('a name that changes its answer after the check is connected to what was checked', async () => {
  const seen: (string | undefined)[] = [];
  const { port, accepted } = await startWatchedServer((request, response) => {
    seen.push(request.socket.localAddress);
    response.setHeader('connection', 'close').end();
  });
  const answers = [['127.0.0.1'], ['127.0.0.2']];
  let asked = 0;
  const resolve: ResolveHost = () => Promise.resolve(answers[asked++] ?? ['127.0.0.2']);
  const dispatcher = createGuardedDispatcher({ allow: [`127.0.0.1:${port}`] }, { resolve });
  onTestFinished(() => dispatcher.destroy());
  const url = `http://rebind.example:${port}/`;
  const again = () => postOutbound({ url, headers: {}, body: '', timeoutMs: 4_000, dispatcher });
  expect(await again()).toMatchObject({ kind: 'answer', status: 200 });
  expect(asked).toBe(1);
  expect(await again()).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('a loopback address'),
  });
  expect(seen.map((address) => address?.replace('::ffff:', ''))).toEqual(['127.0.0.1']);
  expect(accepted()).toBe(1);
});

test('a connection that ends elsewhere than it was made to is closed before anything is sent', async () => {
  let requests = 0;
  const { port } = await startWatchedServer(() => (requests += 1));
  // The kernel takes 0.0.0.0 for this machine: the peer is 127.0.0.1.
  const result = await post(`http://0.0.0.0:${port}/`, { allow: ['0.0.0.0'] });
  expect(result).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('a loopback address'),
  });
  const later = connect(port, '127.0.0.1').end();
  await once(later, 'close');
  expect(requests).toBe(0);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect by %d is an answer and not followed',
  async (status) => {
    const inside = await answerOk();
    const outside = await startWatchedServer((_, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${inside.port}/secret` }).end();
    });
    const result = await post(`http://127.0.0.1:${outside.port}/`, {
      allow: [`127.0.0.1:${outside.port}`],
    });
    expect(result).toMatchObject({ kind: 'answer', status });
    expect(inside.accepted()).toBe(0);
  },
);
