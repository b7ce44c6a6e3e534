import { afterAll, beforeAll, expect, test } from 'vitest';
import { delayAnswers } from './delay-answers.ts';
import { findBarriers } from './find-barriers.ts';
import { openConsole } from './open-console.ts';
import type { OpenConsole } from './open-console.ts';

let scene: OpenConsole;

beforeAll(async () => {
  scene = await openConsole();
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

async function answerOf(model: string): Promise<string> {
  const body = { model, messages: [{ role: 'user', content: 'Hello.' }] };
  const { id } = await scene.broker.submit({ endpoint: '/v1/chat/completions', body });
  return (await scene.broker.waitForJob(id)).status;
}

test('the overview counts jobs, shows where they fell through to, and says what needs a person', async () => {
  expect(await answerOf('sandbox-status-codes')).toBe('completed');
  expect(await answerOf('sandbox-gateway-host')).toBe('completed');
  const page = await scene.openPage({ path: '/console' });
  const jobs = page.getByRole('img', { name: /^Jobs per minute in the last hour/ });
  await expect
    .poll(() => jobs.getAttribute('aria-label'), { timeout: 15_000 })
    .toMatch(/2 accepted, 2 completed, 0 failed/);
  const flows = page.getByRole('img', { name: /^Where jobs went on/ });
  const flowText = await flows.getAttribute('aria-label');
  expect(flowText).toContain('sandbox-status-codes: 1 went on to sandbox-openai');
  expect(flowText).toContain('sandbox-serving-path: 1 went on to sandbox-databricks');
  await page.getByText('As a table').first().click();
  expect(await page.getByRole('region', { name: /, table$/ }).innerText()).toMatch(/completed/);

  await page.getByRole('link', { name: /sandbox-status-codes does not know/ }).click();
  await page.waitForURL(/\/console\/providers#sandbox-status-codes$/);
  const card = page.getByRole('article', { name: 'sandbox-status-codes' });
  expect(await card.innerText()).toMatch(/Names it does not know\s+sandbox-status-404/);
});

test('numbers of the overview change by themselves while jobs come', async () => {
  const page = await scene.openPage({ path: '/console' });
  const jobs = page.getByRole('img', { name: /^Jobs per minute in the last hour/ });
  const completed = async (): Promise<number> =>
    Number(/(\d+) completed/.exec((await jobs.getAttribute('aria-label')) ?? '')?.[1]);
  await jobs.waitFor();
  const before = await completed();
  expect(await answerOf('sandbox-chat')).toBe('completed');
  await expect.poll(completed, { timeout: 15_000 }).toBe(before + 1);
});

test('the overview is shown while much happens, however slowly it is told', async () => {
  const page = await scene.openPage({ path: '/console/nowhere' });
  const slow = ['/v1/providers', '/v1/statistics'];
  await delayAnswers(page, (path) => slow.includes(path), 4000);
  await page.getByRole('link', { name: 'Overview' }).click();
  const queues = page.getByRole('heading', { name: 'Queues' });
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && !(await queues.isVisible())) await answerOf('sandbox-chat');
  expect(await queues.isVisible()).toBe(true);
});

test('who has no provider is told where providers are configured', async () => {
  const page = await scene.openPage({ path: '/console/nowhere' });
  await page.route(
    ({ pathname }) => pathname === '/v1/providers',
    (route) => route.fulfill({ json: { object: 'list', data: [] } }),
  );
  await page.getByRole('link', { name: 'Providers' }).click();
  await page.getByRole('heading', { name: 'No provider is configured' }).waitFor();
  expect(await page.locator('main#view').innerText()).toMatch(/--config or UNDERSTUDY_CONFIG/);
});

test('the operator pauses a provider and resumes it; others only look', async () => {
  const { broker } = scene;
  const page = await scene.openPage({ path: '/console/providers' });
  const card = page.getByRole('article', { name: 'sandbox-anthropic' });
  await card.getByRole('button', { name: 'Pause …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('its key is changed');
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await card.getByText('its key is changed').waitFor();
  const told = JSON.parse(await (await broker.request('/v1/providers')).text()) as {
    data: { id: string; paused?: { reason?: string } }[];
  };
  expect(told.data.find(({ id }) => id === 'sandbox-anthropic')?.paused?.reason).toBe(
    'its key is changed',
  );

  const overview = await scene.openPage({ path: '/console' });
  await overview.getByRole('link', { name: /sandbox-anthropic is paused/ }).waitFor();

  await card.getByRole('button', { name: 'Resume …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await card.getByRole('button', { name: 'Pause …' }).waitFor();

  const reader = await scene.openPage({ path: '/console/providers', key: await makeKey(['read']) });
  await reader.getByRole('article', { name: 'sandbox-anthropic' }).waitFor();
  expect(await reader.getByRole('button', { name: 'Pause …' }).count()).toBe(0);
});

async function makeKey(scopes: string[]): Promise<string> {
  const made = await scene.broker.request('/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project: 'default', scopes }),
  });
  return (JSON.parse(await made.text()) as { key: string }).key;
}

test('a cool-down is seen with its rule and its end, and is cleared', async () => {
  await answerOf('sandbox-status-codes');
  const page = await scene.openPage({ path: '/console/providers' });
  const card = page.getByRole('article', { name: 'sandbox-status-codes' });
  const clear = card.getByRole('button', { name: 'Clear the cool-down of sandbox-status-429' });
  await clear.waitFor();
  expect(await card.innerText()).toMatch(/Cool-downs\s+sandbox-status-429\s+default\.status_429/);
  await clear.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => clear.count(), { timeout: 10_000 }).toBe(0);
});

test('a route says where a job would go if providers were down', async () => {
  const page = await scene.openPage({ path: '/console/routes' });
  await page.getByRole('link', { name: /^sandbox-chat/ }).click();
  await page.getByText('A job would go to sandbox-openai/sandbox-chat.').waitFor();
  await page.getByLabel('sandbox-openai').check();
  await page.getByText('A job would pass one target over and go to sandbox-anthropic').waitFor();
  expect(page.url()).toContain('without=sandbox-openai');
  await page.getByLabel('sandbox-anthropic').check();
  await page.getByText('No target is open: a job would be accepted and wait').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.reload();
  await page.getByText('No target is open').waitFor();
  expect(await page.getByLabel('sandbox-openai').isChecked()).toBe(true);
});

test('a key is made, is told once, works, and works no more once it is revoked', async () => {
  const { broker } = scene;
  const page = await scene.openPage({ path: '/console/keys' });
  await page.getByRole('button', { name: 'New project …' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('acme');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('article').filter({ hasText: 'acme' }).waitFor();

  await page.getByRole('button', { name: 'New key …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: /^Project/ }).selectOption('acme');
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('backend');
  await dialog.getByLabel('Good for').fill('90d');
  await dialog.getByText('Limits', { exact: true }).click();
  await dialog.getByLabel('Requests per minute').fill('60');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  const key = await page.locator('[data-secret]').innerText();
  const ask = () =>
    fetch(`${broker.url}/v1/limits`, { headers: { authorization: `Bearer ${key}` } });
  expect(await (await ask()).json()).toMatchObject({
    project: { name: 'acme' },
    key: { limits: { requests_per_minute: 60 } },
  });
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.content()).not.toContain(key);

  await page.getByRole('button', { name: 'Revoke backend' }).click();
  const revoking = page.getByRole('dialog');
  expect(await revoking.innerText()).toContain(key.slice(0, 6));
  await revoking.getByRole('button', { name: 'Revoke' }).click();
  await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(401);
  await expect
    .poll(() => page.getByRole('button', { name: 'Revoke backend' }).count(), { timeout: 10_000 })
    .toBe(0);
});

test('what was filled in wrongly is told in the broker’s words, and stays', async () => {
  const page = await scene.openPage({ path: '/console/keys' });
  await page.getByRole('button', { name: 'New key …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Good for').fill('for ever');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await dialog.getByRole('alert').getByText('expires_in').first().waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(await dialog.getByLabel('Good for').inputValue()).toBe('for ever');
});
