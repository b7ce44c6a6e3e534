import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './find-barriers.ts';
import { openConsole, signIn } from './open-console.ts';
import type { OpenConsole } from './open-console.ts';
import { openView } from './open-view.ts';

const MOST_FIRST_LOAD_BYTES = 150_000;

let scene: OpenConsole;
let jobId: string;

beforeAll(async () => {
  scene = await openConsole();
  const { broker } = scene;
  const body = { model: 'sandbox-status-codes', messages: [{ role: 'user', content: 'Hello.' }] };
  const { id } = await broker.submit({ endpoint: '/v1/chat/completions', body });
  await broker.waitForJob(id);
  jobId = id;
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** The addresses that the navigation leads to. */
async function viewPaths(page: Page): Promise<string[]> {
  const links = await page.locator('nav[aria-label="Views"] a').all();
  return Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
}

test.each(['light', 'dark'] as const)('no view keeps anybody out, in %s', async (colorScheme) => {
  const page = await scene.openPage({ colorScheme });
  const paths = await viewPaths(page);
  expect(paths).toContain('/console/jobs');
  const found: Record<string, string[]> = {};
  for (const path of [...paths, `/console/jobs/${jobId}`, '/console/nowhere']) {
    await openView(page, `${scene.broker.url}${path}`);
    for (const summary of await page.locator('details.attempt summary').all())
      await summary.click();
    const barriers = await findBarriers(page);
    if (barriers.length > 0) found[path] = barriers;
  }
  expect(found).toEqual({});
});

test.each(['light', 'dark'] as const)(
  'the sign-in keeps nobody out, in %s',
  async (colorScheme) => {
    const page = await scene.openPage({ colorScheme, key: null });
    expect(await findBarriers(page)).toEqual([]);
  },
);

test('on a phone no view is wider than the screen', async () => {
  const page = await scene.openPage({ width: 390 });
  const tooWide: string[] = [];
  for (const path of [...(await viewPaths(page)), `/console/jobs/${jobId}`]) {
    await openView(page, `${scene.broker.url}${path}`);
    const width: number = await page.evaluate('document.documentElement.scrollWidth');
    if (width > 390) tooWide.push(`${path}: ${width} px`);
  }
  expect(tooWide).toEqual([]);
});

test('on a phone no view is wider than the screen, whatever a model is called', async () => {
  const page = await scene.openPage({ width: 390 });
  const name = 'x'.repeat(10_000);
  const paths = [...(await viewPaths(page)), `/console/jobs/${jobId}`];
  await page.route(
    ({ pathname }) => pathname.startsWith('/v1/') && pathname !== '/v1/events',
    async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll('sandbox-status', name);
      await route.fulfill({ response, body });
    },
  );
  const tooWide: string[] = [];
  const shown: string[] = [];
  for (const path of [...paths, `/console/jobs?model=${name}`, `/console/routes?model=${name}`]) {
    await openView(page, `${scene.broker.url}${path}`);
    for (const summary of await page.locator('details.attempt summary').all())
      await summary.click();
    const width: number = await page.evaluate('document.documentElement.scrollWidth');
    if (width > 390) tooWide.push(`${path.slice(0, 30)}: ${width} px`);
    if (!path.includes(name) && (await page.content()).includes(name)) shown.push(path);
  }
  expect(tooWide).toEqual([]);
  // Measured with what was asked for, not in an empty frame.
  expect(shown).toEqual(
    expect.arrayContaining(['/console/providers', '/console/routes', `/console/jobs/${jobId}`]),
  );

  // A bulk action is for one project.
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('combobox', { name: 'Project' }).selectOption('default');
  await page.goto(`${scene.broker.url}/console/jobs?model=${name}`);
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await page.locator('dialog[open]').getByText(name).first().waitFor();
  const tooWideBy: number = await page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.querySelector('dialog[open]');
    return scrollWidth - clientWidth;
  })()`);
  expect(tooWideBy).toBe(0);
});

test('nothing is asked of another origin, and nothing breaks the page’s own policy', async () => {
  const page = await scene.openPage({ key: null });
  const origins = new Set<string>();
  const refused: string[] = [];
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(error.message));
  await page.reload();
  await signIn(page, scene.broker.apiKey);
  for (const path of [...(await viewPaths(page)), `/console/jobs/${jobId}`]) {
    await openView(page, `${scene.broker.url}${path}`);
  }
  expect([...origins]).toEqual([scene.broker.url]);
  expect(refused).toEqual([]);
});

test('the first load is small', async () => {
  const page = await scene.openPage({ key: null });
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(`${scene.broker.url}/console/jobs`);
  await signIn(page, scene.broker.apiKey);
  await page.locator('tbody tr').first().waitFor();
  expect(bytes).toBeGreaterThan(5000);
  expect(bytes).toBeLessThan(MOST_FIRST_LOAD_BYTES);
});

test('a wrong key is refused in the broker’s words, and none is kept', async () => {
  const page = await scene.openPage({ key: null });
  await page.getByLabel('API key').fill('us_not-a-key-of-this-broker-0000000000');
  await page.keyboard.press('Enter');
  await page.getByText('the API key is not known here').waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
});

test('the key is of its tab alone: in no address, no cookie, and gone after signing out', async () => {
  const page = await scene.openPage();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await openView(page, `${scene.broker.url}/console/jobs?status=completed`);
  expect(addresses.filter((address) => address.includes(scene.broker.apiKey))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(scene.broker.apiKey);

  const other = await page.context().newPage();
  await other.goto(`${scene.broker.url}/console/jobs`);
  await other.getByLabel('API key').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
});
