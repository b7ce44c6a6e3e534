import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delayAnswers } from './delay-answers.ts';
import { openConsole } from './open-console.ts';
import type { OpenConsole } from './open-console.ts';

let scene: OpenConsole;

beforeAll(async () => {
  scene = await openConsole();
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** A job whose request is the least that an endpoint takes. */
function chatJob(model: string, metadata: Record<string, string> = {}) {
  const body = { model, messages: [{ role: 'user', content: 'Say hello.' }] };
  return { endpoint: '/v1/chat/completions', body, metadata };
}

/** Makes the route `doomed` go to this model of the sandbox, and waits until the broker knows. */
async function routeDoomedTo(provider: string, model: string): Promise<void> {
  const { broker } = scene;
  const text = readFileSync(broker.configurationPath, 'utf8').replace(/^ {2}doomed:.*\n/m, '');
  const route = `  doomed: { targets: [{ provider: ${provider}, model: ${model} }] }\n`;
  writeFileSync(broker.configurationPath, text.replace(/^routes:\n/m, `routes:\n${route}`));
  await expect
    .poll(async () => (await broker.request('/v1/routes/doomed')).text(), { timeout: 20_000 })
    .toContain(model);
}

test('a job submitted in the playground is watched as it falls through to an answer', async () => {
  const page = await scene.openPage({ path: '/console/playground' });
  await page.getByLabel('Model').selectOption('sandbox-status-codes');
  await page.getByLabel('Message 1', { exact: true }).fill('Who is there?');
  // Every number of attempts that was on the page, in order.
  await page.evaluate(`
    globalThis.seen = [];
    new MutationObserver(() => {
      const count = document.querySelectorAll('details.attempt').length;
      if (seen.at(-1) !== count) seen.push(count);
    }).observe(document.body, { childList: true, subtree: true });
  `);
  await page.getByRole('button', { name: 'Submit the job' }).click();
  await page.locator('.running-head .pill', { hasText: 'completed' }).waitFor();

  const attempts = page.locator('details.attempt');
  expect(await attempts.count()).toBe(6);
  expect(await attempts.first().innerText()).toMatch(/sandbox-status-404[^]*failed[^]*404/);
  expect(await attempts.last().innerText()).toMatch(/sandbox-openai[^]*succeeded[^]*200/);
  expect(await page.locator('.answer-text').innerText()).toContain('No model was asked');
  const seen: number[] = await page.evaluate('seen');
  expect(seen.filter((count) => count > 0 && count < 6).length).toBeGreaterThanOrEqual(2);

  await page.getByRole('link', { name: 'Open the job' }).click();
  await page.getByRole('heading', { name: 'Job for sandbox-status-codes' }).waitFor();
});

test('an attempt tells its names, its rule and the provider’s own words', async () => {
  const { broker } = scene;
  await routeDoomedTo('sandbox-status-codes', 'sandbox-status-405');
  const { id } = await broker.submit(chatJob('doomed', { story: 'words' }));
  const job = await broker.waitForJob(id);
  expect(job.status).toBe('failed');

  const page = await scene.openPage({ path: `/console/jobs/${id}` });
  await page.locator('details.attempt summary').first().click();
  const details = page.locator('.attempt-details').first();
  const text = await details.innerText();
  expect(text).toMatch(/requested[^]*doomed[^]*sent[^]*sandbox-status-405/);
  expect(text).toContain('default.status_405');
  expect(text).toContain('"message": "Method not allowed for this model."');
});

test('a job that stands in a queue says in which, until a worker takes it', async () => {
  const { broker } = scene;
  const workers = [...broker.services.values()].filter(({ name }) => name.startsWith('worker-'));
  for (const worker of workers) worker.kill('SIGSTOP');
  try {
    const { id } = await broker.submit(chatJob('sandbox-chat'));
    const page = await scene.openPage({ path: `/console/jobs/${id}` });
    const facts = page.getByRole('region', { name: 'Facts' });
    await facts.getByText('In the queue of').waitFor();
    expect(await facts.innerText()).toMatch(/in the queue of\s+sandbox-\S+[^]* for /i);
    for (const worker of workers) worker.kill('SIGCONT');
    await facts.getByText('Answered by').waitFor();
    expect(await facts.getByText('In the queue of').count()).toBe(0);
  } finally {
    for (const worker of workers) worker.kill('SIGCONT');
  }
});

test('request and answer are hidden until they are asked for', async () => {
  const { id } = await scene.broker.submit(chatJob('sandbox-chat'));
  await scene.broker.waitForJob(id);
  const page = await scene.openPage({ path: `/console/jobs/${id}` });
  await page.getByRole('heading', { name: 'Request' }).waitFor();
  expect(await page.content()).not.toContain('Say hello.');
  await page.getByRole('button', { name: 'Hidden; show the request' }).click();
  await page.getByText('Say hello.').waitFor();
  await page.getByRole('button', { name: 'Hidden; show the answer' }).click();
  await page.locator('.answer-text').waitFor();
});

test('who looks at a job that is not to be stored takes its answer only by showing it', async () => {
  const { broker } = scene;
  const { id } = await broker.submit({ ...chatJob('sandbox-chat'), store: false });
  const look = async () =>
    JSON.parse(await (await broker.request(`/v1/jobs/${id}?without=result`)).text()) as {
      status: string;
      payload_forgotten?: true;
    };
  await expect.poll(look, { timeout: 20_000 }).toMatchObject({ status: 'completed' });
  const page = await scene.openPage({ path: `/console/jobs/${id}` });
  await page.getByText('showing it takes it from the caller').waitFor();
  expect(await look()).not.toHaveProperty('payload_forgotten');
  await page.getByRole('button', { name: 'Hidden; show the answer' }).click();
  await page.locator('.answer-text').waitFor();
  await expect.poll(look).toHaveProperty('payload_forgotten', true);
});

test('an operator who sees all projects finds a job by its id', async () => {
  const { broker } = scene;
  const post = async (path: string, body: unknown, headers = {}) => {
    const response = await broker.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  await post('/v1/admin/projects', { name: 'elsewhere' });
  const elsewhere = { 'understudy-project': 'elsewhere' };
  const made = await post('/v1/jobs', chatJob('sandbox-chat'), elsewhere);
  const { id } = JSON.parse(made) as { id: string };
  const page = await scene.openPage({ path: '/console/jobs' });
  await page.locator('#filter-input').fill(id);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Job for sandbox-chat' }).waitFor();
  await page.locator('.pill', { hasText: 'completed' }).first().waitFor();
  expect(new URL(page.url()).pathname).toBe(`/console/jobs/${id}`);
});

test('stretches of jobs of which none matches are passed by', async () => {
  const { broker } = scene;
  const { id } = await broker.submit(chatJob('sandbox-chat', { story: 'sparse' }));
  await broker.waitForJob(id);
  const page = await scene.openPage({ path: '/console/nowhere' });
  let isFound = true;
  await page.route(
    ({ pathname }) => pathname === '/v1/jobs',
    async (route) => {
      const url = new URL(route.request().url());
      const looked = Number(/^(\d+)-/.exec(url.searchParams.get('after') ?? '')?.[1] ?? 0);
      if (isFound && looked === 2) {
        url.searchParams.delete('after');
        return route.fulfill({ response: await route.fetch({ url: url.href }) });
      }
      const next = { has_more: true, next_after: `${looked + 1}-${id}` };
      return route.fulfill({ json: { object: 'list', data: [], ...next } });
    },
  );
  const sparse = `${broker.url}/console/jobs?metadata=story%3Asparse`;
  await page.goto(sparse);
  await page.locator(`a[href*="${id}"]`).waitFor();
  isFound = false;
  await page.goto(sparse);
  await page.getByRole('heading', { name: 'None found so far' }).waitFor();
  expect(await page.getByRole('button', { name: 'Next' }).isEnabled()).toBe(true);
});

test('an operator whose key may not read sees the way of a job and no content', async () => {
  const { broker } = scene;
  const { id } = await broker.submit(chatJob('sandbox-status-codes'));
  await broker.waitForJob(id);
  const made = await broker.request('/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project: 'default', scopes: ['admin'] }),
  });
  const { key } = JSON.parse(await made.text()) as { key: string };
  const page = await scene.openPage({ path: `/console/jobs/${id}?project=default`, key });
  await page.locator('details.attempt').first().waitFor();
  expect(
    await page.locator('.reveal-head', { hasText: 'shown to a key of scope read' }).count(),
  ).toBe(2);
  expect(await page.getByRole('button', { name: 'Hidden; show the request' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
});

test('all failed jobs of a filter are retried at once, after they were counted', async () => {
  const { broker } = scene;
  await routeDoomedTo('sandbox-status-codes', 'sandbox-status-405');
  const metadata = { story: 'bulk' };
  const jobs = await Promise.all([1, 2, 3].map(() => broker.submit(chatJob('doomed', metadata))));
  await Promise.all(jobs.map(({ id }) => broker.waitForJob(id)));
  await routeDoomedTo('sandbox-openai', 'sandbox-chat');

  const page = await scene.openPage({
    path: '/console/jobs?status=failed&metadata=story%3Abulk',
  });
  await page.getByRole('combobox', { name: 'Project' }).selectOption('default');
  await expect.poll(() => page.locator('tbody tr').count(), { timeout: 10_000 }).toBe(3);
  await page.getByRole('button', { name: 'Retry all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('3 jobs match.').waitFor();
  await dialog.getByText('Completed jobs are meant only where').waitFor();
  await dialog.getByRole('button', { name: 'Retry 3 jobs' }).click();
  await dialog.getByText('3 jobs submitted again').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const retried = async (): Promise<number> => {
    const path = '/v1/jobs?status=completed&metadata=story%3Abulk';
    const list = JSON.parse(await (await broker.request(path)).text()) as {
      data: { retry_of?: string }[];
    };
    return new Set(list.data.map(({ retry_of: id }) => id)).size;
  };
  await expect.poll(retried, { timeout: 20_000 }).toBe(3);
});

test('who stops a bulk action is told what the page under way still did, and may go on', async () => {
  const page = await scene.openPage({ path: '/console/jobs?metadata=story%3Astopped' });
  await page.getByRole('combobox', { name: 'Project' }).selectOption('default');
  const released = Promise.withResolvers<void>();
  const sent: unknown[] = [];
  await page.route(
    ({ pathname }) => pathname === '/v1/jobs/cancel',
    async (route) => {
      const result = { object: 'bulk_result', action: 'cancel', matched: 3, skipped: [] };
      const request = route.request();
      if (request.postData()?.includes('dry_run') === true) {
        return route.fulfill({ json: { ...result, dry_run: true, done: 0, has_more: false } });
      }
      const { 'idempotency-key': key } = request.headers();
      if (sent.push({ key, body: request.postDataJSON() as unknown }) > 1) {
        return route.fulfill({ json: { ...result, done: 2, has_more: false } });
      }
      await released.promise;
      return route.fulfill({ json: { ...result, done: 1, has_more: true, next_after: 'x' } });
    },
  );
  await page.getByRole('button', { name: 'Cancel all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel 3 jobs' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  released.resolve();
  await dialog.getByText('1 job cancelled, then stopped.').waitFor();
  expect(sent).toHaveLength(1);
  // From the beginning, under the same key, and nothing that came since.
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByText('3 jobs cancelled.').waitFor();
  expect(sent).toEqual([sent[0], sent[0]]);
});

test('new jobs are counted above the list and do not move it', async () => {
  const { broker } = scene;
  const first = await broker.submit(chatJob('sandbox-chat', { story: 'live' }));
  await broker.waitForJob(first.id);
  const page = await scene.openPage({ path: '/console/jobs?metadata=story%3Alive' });
  await expect.poll(() => page.locator('tbody tr').count(), { timeout: 10_000 }).toBe(1);
  const second = await broker.submit(chatJob('sandbox-chat', { story: 'live' }));
  await page.getByRole('button', { name: '1 new' }).click({ timeout: 20_000 });
  await page.locator(`a[href*="${second.id}"]`).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(2);
});

test('an answer about another filter that comes late is not shown', async () => {
  const { broker } = scene;
  await broker.waitForJob((await broker.submit(chatJob('sandbox-chat', { story: 'late' }))).id);
  const page = await scene.openPage({ path: '/console/jobs?metadata=story%3Alate' });
  await expect.poll(() => page.locator('tbody tr').count(), { timeout: 10_000 }).toBe(1);

  const released = Promise.withResolvers<void>();
  const asked = { late: 0, none: 0 };
  await page.route(
    ({ pathname }) => pathname === '/v1/jobs',
    async (route) => {
      const filter = route.request().url().includes('late') ? 'late' : 'none';
      asked[filter] += 1;
      if (filter === 'late') await released.promise;
      await route.continue().catch(() => undefined);
    },
  );
  await expect.poll(() => asked.late, { timeout: 20_000 }).toBeGreaterThan(0);
  await page.locator('#filter-input').fill('story:none');
  await page.keyboard.press('Enter');
  await page.getByText('No job matches').waitFor({ timeout: 20_000 });
  released.resolve();
  const before = asked.none;
  await expect.poll(() => asked.none, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  expect(await page.locator('tbody tr').count()).toBe(0);
});

test('jobs are counted while much happens, however slowly the counts are told', async () => {
  const { broker } = scene;
  const page = await scene.openPage({ path: '/console/nowhere' });
  await delayAnswers(page, (path) => path === '/v1/jobs/facets', 4000);
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  const count = page.getByText(/^(about )?[\d,]+ in all$/);
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && !(await count.isVisible())) {
    await broker.waitForJob((await broker.submit(chatJob('sandbox-chat'))).id);
  }
  expect(await count.isVisible()).toBe(true);
});

test('the list is gone through by keyboard', async () => {
  const page = await scene.openPage({ path: '/console/jobs' });
  await page.locator('tbody tr').nth(1).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await page.locator('tbody tr').first().getAttribute('class')).toBe('selected');
  await page.keyboard.press('/');
  await page.keyboard.type('status:completed');
  await page.keyboard.press('Enter');
  await page.waitForURL(/status=completed/);
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.locator('main#view').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/console\/jobs\/job_/);
});

test('a job copied as curl can be submitted again from a shell', async () => {
  const { id } = await scene.broker.submit(chatJob('sandbox-chat', { story: 'curl' }));
  await scene.broker.waitForJob(id);
  const page = await scene.openPage({ path: `/console/jobs/${id}` });
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied: string = await page.evaluate('navigator.clipboard.readText()');
  expect(copied).toContain(`curl -s ${scene.broker.url}/v1/jobs`);
  expect(copied).toContain('Say hello.');
  expect(copied).not.toContain(scene.broker.apiKey);
});
