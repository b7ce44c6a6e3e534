import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWebhookReceiver, verifyDelivery } from '../support/webhook-receiver.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';
import { delayAnswers } from './delay-answers.ts';
import { findBarriers } from './find-barriers.ts';
import { openConsole } from './open-console.ts';
import type { OpenConsole } from './open-console.ts';

let scene: OpenConsole;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  scene = await openConsole();
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await receiver?.close();
});

/** A job whose end is told to a path of the receiver. */
async function tellOfJob(path: string): Promise<string> {
  const { id } = await scene.broker.submit({
    endpoint: '/v1/chat/completions',
    body: { model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello.' }] },
    callback: { url: `${receiver.url}${path}` },
  });
  await scene.broker.waitForJob(id);
  return id;
}

test('a dead letter is replayed once its receiver is mended', async () => {
  const mend = receiver.answer('/gone', { status: 410, body: 'moved away' });
  const job = await tellOfJob('/gone');
  const page = await scene.openPage({ path: `/console/deliveries?state=dead&job=${job}` });
  const row = page.locator('tbody tr').first();
  await row.waitFor({ timeout: 20_000 });
  expect(await row.innerText()).toMatch(/job\.completed[^]*dead[^]*410/);

  await row.getByRole('link', { name: 'job.completed' }).click();
  await page.getByText('Its endpoint is disabled, or was removed.').waitFor();
  await page.getByText('What came back').click();
  await page.getByText('moved away').waitFor();
  const endpoint = await page.locator('a[href*="endpoint="]').innerText();

  // It answered 410, so that nothing more goes there until somebody says so.
  await page.getByRole('button', { name: /^Replay/ }).click();
  await page.getByRole('alert').waitFor();
  mend();
  await scene.broker.request(`/v1/webhooks/endpoints/${endpoint}/enable`, { method: 'POST' });
  await page.getByRole('button', { name: /^Replay/ }).click();
  await page.locator('.page-about .pill', { hasText: 'delivered' }).waitFor();
  const [first, second] = await receiver.waitFor('/gone', 2);
  expect(second?.id).toBe(first?.id);
});

test('all dead letters of an endpoint are replayed at once', async () => {
  const { broker } = scene;
  const mend = receiver.answer('/many', { status: 410, body: '' });
  await tellOfJob('/many');
  await receiver.waitFor('/many', 1);
  await Promise.all([tellOfJob('/many'), tellOfJob('/many')]);
  const dead = async () => {
    const answer = await broker.request('/v1/webhooks/deliveries?state=dead');
    const { data } = JSON.parse(await answer.text()) as {
      data: { url: string; endpoint: string }[];
    };
    return data.filter(({ url }) => url.endsWith('/many'));
  };
  await expect.poll(async () => (await dead()).length, { timeout: 20_000 }).toBe(3);
  const endpoint = (await dead())[0]?.endpoint ?? '';
  mend();
  await broker.request(`/v1/webhooks/endpoints/${endpoint}/enable`, { method: 'POST' });

  const page = await scene.openPage({ path: `/console/deliveries?endpoint=${endpoint}` });
  await page.getByRole('button', { name: 'Replay …' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Endpoint').inputValue()).toBe(endpoint);
  await dialog.getByLabel('Everything since the time below').check();
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await dialog.getByText('Say since when everything is replayed.').waitFor();
  await dialog.getByLabel('Dead letters alone').check();
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('3 are sent again, the oldest first.').waitFor();
  await receiver.waitFor('/many', 4);
  await expect.poll(async () => (await dead()).length, { timeout: 20_000 }).toBe(0);
});

test('an endpoint is registered, tested, rotated and disabled', async () => {
  const page = await scene.openPage({ path: '/console/deliveries' });
  await page.getByRole('link', { name: 'Endpoints' }).click();
  await page.getByRole('button', { name: 'New endpoint …' }).click();
  await page.getByLabel('URL').fill(`${receiver.url}/hook`);
  await page.getByLabel('What it is').fill('the backend');
  await page.getByRole('button', { name: 'Register' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  // Selected by hand, beyond the edge of the dialog.
  await page.locator('[data-secret]').hover();
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  expect(await page.locator('[data-secret]').count()).toBe(1);
  await page.getByRole('button', { name: 'I have kept it' }).click();

  const card = page.getByRole('article', { name: `${receiver.url}/hook` });
  await card.getByRole('button', { name: 'Send a test event' }).click();
  const [tested] = await receiver.waitFor('/hook', 1);
  if (tested === undefined) throw new Error('no test event came');
  verifyDelivery(tested, secret);

  await card.getByRole('button', { name: 'Rotate the secret …' }).click();
  await page.getByLabel('Grace period').fill('0s');
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const rotated = await page.locator('[data-secret]').innerText();
  expect(rotated).not.toBe(secret);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await card.getByRole('button', { name: 'Send a test event' }).click();
  const later = (await receiver.waitFor('/hook', 2))[1];
  if (later === undefined) throw new Error('no second test event came');
  verifyDelivery(later, rotated);

  await card.getByRole('button', { name: 'Disable …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await card.getByText('disabled by its owner').waitFor();
  await card.getByRole('button', { name: 'Enable' }).click();
  await card.getByRole('button', { name: 'Disable …' }).waitFor();
});

test('the operator sees the deliveries of all projects, and sends those of another again', async () => {
  const { broker } = scene;
  const post = async (path: string, body: object, key = broker.apiKey) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${broker.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { key: string };
  };
  await post('/v1/admin/projects', { name: 'acme' });
  const { key } = await post('/v1/admin/keys', { project: 'acme', scopes: ['submit', 'read'] });
  const body = { model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello.' }] };
  const callback = { url: `${receiver.url}/acme` };
  await post('/v1/jobs', { endpoint: '/v1/chat/completions', body, callback }, key);
  await receiver.waitFor('/acme', 1);

  const page = await scene.openPage({ path: '/console/deliveries' });
  const row = page.getByRole('row').filter({ hasText: `${receiver.url}/acme` });
  await row.getByText('delivered').waitFor({ timeout: 20_000 });
  expect(await row.getByRole('cell', { name: 'acme', exact: true }).count()).toBe(1);
  await row.getByRole('link', { name: 'job.completed' }).click();
  await page.getByText('Try 1').waitFor();
  await page.getByRole('button', { name: /^Replay/ }).click();
  expect(await receiver.waitFor('/acme', 2)).toHaveLength(2);
});

test('a delivery is shown, however slowly it is told', async () => {
  await tellOfJob('/slow');
  await receiver.waitFor('/slow', 1);
  const page = await scene.openPage({ path: '/console/deliveries' });
  // Longer than the page waits between two questions.
  await delayAnswers(page, (path) => /^\/v1\/webhooks\/deliveries\/./.test(path), 3000);
  await page.locator('tbody tr a').first().click();
  const firstTry = page.getByText('Try 1');
  await expect.poll(() => firstTry.count(), { timeout: 20_000 }).toBe(1);
});

test('the filter of the log lives in the address', async () => {
  await tellOfJob('/filtered');
  await receiver.waitFor('/filtered', 1);
  const page = await scene.openPage({ path: '/console/deliveries' });
  await page.getByRole('button', { name: 'Delivered' }).click();
  await page.getByLabel('Since').fill('2020-01-01T00:00');
  await page.getByLabel('Since').press('Tab');
  await page.waitForURL(/state=delivered.*since=/);
  await expect
    .poll(() => page.locator('tbody tr').count(), { timeout: 10_000 })
    .toBeGreaterThanOrEqual(1);
  await page.getByLabel('Before').fill('2020-01-02T00:00');
  await page.getByLabel('Before').press('Tab');
  await page.getByText('No delivery is like that').waitFor();
  await page.reload();
  expect(await page.getByRole('button', { name: 'Delivered' }).getAttribute('aria-pressed')).toBe(
    'true',
  );
  expect(await page.getByLabel('Since').inputValue()).toBe('2020-01-01T00:00');
});

test.each(['light', 'dark'] as const)(
  'log, delivery, endpoints and their dialogs keep nobody out, in %s',
  async (colorScheme) => {
    const { broker } = scene;
    await tellOfJob('/shown');
    await receiver.waitFor('/shown', 1);
    const page = await scene.openPage({ path: '/console/deliveries', colorScheme, width: 390 });
    await page.locator('tbody tr a').first().click();
    await page.getByText('Try 1').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.goto(`${broker.url}/console/deliveries/endpoints`);
    await page.getByRole('button', { name: 'New endpoint …' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  },
);
