import { expect, test, vi } from 'vitest';
import { issueKey, makeProject, revokeKey } from '../testing/admin-calls.ts';
import { collectRoutes } from '../testing/collect-routes.ts';
import type { CollectedRoute } from '../testing/collect-routes.ts';
import { OWNED_THINGS } from '../testing/owned-things.ts';
import { PUBLIC_PATHS } from '../testing/public-paths.ts';
import { startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { SCOPES } from '../keys/stored-key.ts';

/** Parameters that name nothing of anybody's: models and routes are the same for all. */
const SHARED_PATHS = /^\/(?:v1|openai\/v1|anthropic\/v1)\/(?:models|routes)\/:model$/;

/** Of the installation, not of a project: whoever has the scope `admin` administers all of it. */
const OPERATOR_PATHS = /^\/(?:v1\/)?admin\/|^\/v1\/providers\/:id\//;

/** Open to whoever holds a key: it tells of that key alone. */
const ANY_KEY_PATHS = /^\/v1\/key$/;

/** What is sent where a request without a body would be refused before anything is looked for. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PATCH /v1/webhooks/endpoints/:id': { description: 'taken over' },
  'POST /v1/webhooks/endpoints/:id/redeliver': { since: '2026-01-01T00:00:00Z' },
};

/** Hundreds of requests, on machines that do other things as well. */
const WALK = { timeout: 60_000 };

const nameOf = ({ method, url }: CollectedRoute): string => `${method} ${url}`;
const exampleOf = (url: string): string => url.replaceAll(/:\w+/g, 'x').replace(/\*$/, 'x');

async function start(): Promise<{ api: TestApi; closed: CollectedRoute[]; all: CollectedRoute[] }> {
  const { built: api, routes: all } = await collectRoutes(() => startTestApi());
  return { api, all, closed: all.filter(({ config }) => config.public !== true) };
}

async function call(api: TestApi, route: CollectedRoute, path: string, headers = {}) {
  const body = BODIES[nameOf(route)];
  return api.app.inject({
    method: route.method as 'GET',
    url: path,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
}

test(
  'every route states who may call it, and none is public but those known to be',
  WALK,
  async () => {
    const { all } = await start();
    expect(all.length).toBeGreaterThan(50);
    expect(all.map(nameOf)).toContain('POST /v1/jobs/:id/retry');
    for (const route of all) {
      const { scope, public: isPublic } = route.config;
      const stated = isPublic === true ? 'public' : scope;
      const allowed = PUBLIC_PATHS.test(route.url)
        ? ['public']
        : ANY_KEY_PATHS.test(route.url)
          ? ['any']
          : SCOPES;
      expect([nameOf(route), stated]).toEqual([nameOf(route), expect.toBeOneOf([...allowed])]);
    }
  },
);

test(
  'what changes something needs more than the scope read, and administration needs admin',
  WALK,
  async () => {
    const { closed } = await start();
    for (const route of closed.filter(({ url }) => !ANY_KEY_PATHS.test(url))) {
      const reads = ['GET', 'HEAD'].includes(route.method);
      const allowed = OPERATOR_PATHS.test(route.url)
        ? ['admin']
        : reads
          ? ['read', 'admin']
          : ['submit', 'admin'];
      expect([nameOf(route), route.config.scope]).toEqual([
        nameOf(route),
        expect.toBeOneOf(allowed),
      ]);
    }
  },
);

test(
  'every closed route refuses no key, a wrong, a damaged, an expired and a revoked one',
  WALK,
  async () => {
    const { api, closed } = await start();
    const expiring = await issueKey(api, { expires_in: '1s' });
    const revoked = await issueKey(api);
    // Both are known to this process, as keys in use are.
    for (const { headers } of [expiring, revoked]) {
      expect((await api.call('/v1/jobs', { headers })).status).toBe(200);
    }
    await revokeKey(api, revoked.id);
    await vi.waitFor(
      async () => {
        expect((await api.call('/v1/jobs', { headers: expiring.headers })).status).toBe(401);
      },
      { timeout: 4000 },
    );
    const credentials: Record<string, Record<string, string>> = {
      'no key': {},
      'a wrong key': { 'x-api-key': 'not-the-right-key-at-all' },
      'a damaged key': { authorization: `Bearer ${revoked.key.slice(0, -1)}` },
      'an expired key': expiring.headers,
      'a revoked key': revoked.headers,
    };
    for (const route of closed) {
      for (const [name, headers] of Object.entries(credentials)) {
        const response = await call(api, route, exampleOf(route.url), headers);
        expect([nameOf(route), name, response.statusCode]).toEqual([nameOf(route), name, 401]);
        expect(response.headers['www-authenticate']).toMatch(
          route.config.basic === true ? /^Basic / : /^Bearer$/,
        );
        expect(response.body).not.toContain(revoked.key.slice(7, 20));
      }
    }
  },
);

test('every closed route refuses a key that lacks just its scope', WALK, async () => {
  const { api, closed } = await start();
  for (const scope of SCOPES) {
    // Whoever administers sees what a reader sees, except content.
    const others = SCOPES.filter((other) => other !== scope);
    const all = await issueKey(api, { scopes: others });
    const submits = await issueKey(api, { scopes: ['submit'] });
    for (const route of closed.filter(({ config }) => config.scope === scope)) {
      const isOpenToAdmin = scope === 'read' && route.config.content !== true;
      const { headers } = isOpenToAdmin ? submits : all;
      const response = await call(api, route, exampleOf(route.url), headers);
      expect([nameOf(route), response.statusCode]).toEqual([nameOf(route), 403]);
    }
  }
});

test(
  'what belongs to another project answers like what is not there, word for word',
  WALK,
  async () => {
    const { api, closed } = await start();
    await makeProject(api, 'theirs');
    const { headers } = await issueKey(api, { project: 'theirs' });
    const named = closed.filter(
      ({ url }) => /:\w+/.test(url) && !SHARED_PATHS.test(url) && !OPERATOR_PATHS.test(url),
    );
    expect(named.length).toBeGreaterThan(10);
    for (const route of named) {
      const thing = OWNED_THINGS.find(({ path }) => path.test(route.url));
      if (thing === undefined) throw new Error(`nobody knows what ${nameOf(route)} names`);
      const ours = await thing.make(api);
      const ask = async (id: string) => {
        const path = route.url.replace(/:\w+/, id);
        const response = await call(api, route, path, headers);
        const {
          date: _now,
          'x-request-id': _ours,
          'request-id': _theirs,
          ...rest
        } = response.headers;
        const text = JSON.stringify({ headers: rest, body: response.body });
        const words = text.replaceAll(/req_[0-9a-f-]+/g, 'req').replaceAll(id, '<id>');
        // Ids differ in length where they are made of different things.
        return [response.statusCode, words.replace(/"content-length":"\d+"/, '')];
      };
      const foreign = await ask(ours);
      expect([nameOf(route), ...foreign]).toEqual([nameOf(route), ...(await ask(thing.missing))]);
      expect([nameOf(route), foreign[0]]).toEqual([nameOf(route), 404]);
    }
  },
);

test("lists of another project hold nothing of one's own", WALK, async () => {
  const { api, closed } = await start();
  await makeProject(api, 'theirs');
  const { headers } = await issueKey(api, { project: 'theirs' });
  const ids = [];
  for (const thing of OWNED_THINGS) ids.push(await thing.make(api));
  const [job = ''] = ids;
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id: job }]);
  await api.index(record === undefined ? [] : [record]);
  expect((await api.call('/v1/jobs')).status).toBe(200);
  expect(await (await api.call('/v1/jobs')).text()).toContain(job);
  const lists = closed.filter(
    ({ method, url }) =>
      method === 'GET' && !url.includes(':') && !OPERATOR_PATHS.test(url) && url !== '/v1/events',
  );
  expect(lists.length).toBeGreaterThan(5);
  for (const route of lists) {
    const { body } = await call(api, route, route.url, headers);
    for (const id of ids)
      expect([nameOf(route), body.includes(id)]).toEqual([nameOf(route), false]);
  }
});
