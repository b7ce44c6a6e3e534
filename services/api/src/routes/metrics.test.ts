import { createMetrics } from '@understudy/metrics';
import { expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../app.ts';
import { issueKey } from '../testing/admin-calls.ts';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const TOKEN = 'a-token-for-scrapes-only';
const CONFIGURATION = `
providers: { main: { kind: openai, apiKey: unused } }
metrics: { token: ${TOKEN} }
`;

async function start(): Promise<{
  api: TestApi;
  ask: (path: string, key?: string) => Promise<Answer>;
  /** As if the file had changed. */
  changeToken: (changed: string) => void;
}> {
  const api = await startTestApi({ configuration: CONFIGURATION });
  const found = api.dispatch.views();
  let { metrics } = found.settings;
  const views = () => ({ ...found, settings: { ...found.settings, metrics } });
  const dispatch = { ...api.dispatch, views };
  const app = await buildApp({ ...api.parts, dispatch, metrics: createMetrics('api') });
  onTestFinished(() => app.close());
  const ask = async (url: string, key?: string): Promise<Answer> => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const { statusCode: status, body, headers: told } = await app.inject({ url, headers });
    return { status, body, type: String(told['content-type']) };
  };
  return { api, ask, changeToken: (token) => (metrics = { ...metrics, token }) };
}

interface Answer {
  status: number;
  body: string;
  type: string;
}

test('an admin key or the token opens metrics, and the token nothing else', async () => {
  const { api, ask } = await start();
  const reader = await issueKey(api, { scopes: ['read', 'submit'] });
  expect((await ask('/metrics', API_KEY)).status).toBe(200);
  expect((await ask('/metrics', TOKEN)).status).toBe(200);
  expect((await ask('/metrics', TOKEN.slice(1))).status).toBe(401);
  expect((await ask('/metrics')).status).toBe(401);
  expect((await ask('/metrics', reader.key)).status).toBe(403);
  expect((await ask('/v1/jobs', TOKEN)).status).toBe(401);
});

test('the token of the start opens metrics until the next one, as at the other services', async () => {
  const { ask, changeToken } = await start();
  const changed = `${TOKEN}-changed`;
  changeToken(changed);
  expect((await ask('/metrics', TOKEN)).status).toBe(200);
  expect((await ask('/metrics', changed)).status).toBe(401);
});

test('requests are measured by the pattern of their route, and refusals by their code', async () => {
  const { ask } = await start();
  await ask('/v1/jobs/job_of_nobody', API_KEY);
  await ask('/v1/jobs/job_of_somebody', API_KEY);
  await ask('/v1/jobs');
  await ask('/a/path/that/a/caller/made/up', API_KEY);
  const { body, type } = await ask('/metrics', API_KEY);
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
  const count = 'understudy_http_request_duration_seconds_count';
  expect(body).toContain(
    `${count}{service="api",method="GET",route="/v1/jobs/:id",status="4xx"} 2`,
  );
  expect(body).toContain(`${count}{service="api",method="GET",route="none",status="4xx"} 1`);
  expect(body).not.toMatch(/job_of|made\/up/);
  const refused = 'understudy_http_requests_refused_total';
  expect(body).toContain(`${refused}{code="not_found",service="api"} 3`);
  expect(body).toContain(`${refused}{code="unauthenticated",service="api"} 1`);
});

test('with metrics off an administrator reads why there are none', async () => {
  const api = await startTestApi();
  const response = await api.call('/metrics');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    detail: expect.stringContaining('metrics.enabled'),
  });
});
