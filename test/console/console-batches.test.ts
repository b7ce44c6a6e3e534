import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

/** Makes a batch with a line for each of the models. */
function makeBatch(models: readonly string[]): Promise<string> {
  const lines = models.map((model, index) =>
    JSON.stringify({
      custom_id: `line-${index + 1}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model, messages: [{ role: 'user', content: 'Hello.' }] },
    }),
  );
  return makeBatchOf(lines.join('\n'));
}

async function makeBatchOf(input: string): Promise<string> {
  const { broker } = scene;
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([input]), 'lines.jsonl');
  const uploaded = await broker.request('/v1/files', { method: 'POST', body: form });
  const file = JSON.parse(await uploaded.text()) as { id: string };
  const made = await broker.request('/v1/batches', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  });
  return (JSON.parse(await made.text()) as { id: string }).id;
}

test('a batch is followed to its end, its failing lines told, its output saved', async () => {
  const id = await makeBatch(['sandbox-chat', 'no-such-model', 'sandbox-chat']);
  const page = await scene.openPage({ path: '/console/batches' });
  await page.getByRole('link', { name: id }).click();
  await page.getByText('2 answered, 1 failed, of 3').waitFor({ timeout: 30_000 });
  await page.locator('.page-about .pill', { hasText: 'completed' }).waitFor({ timeout: 30_000 });

  const failed = page.getByRole('region', { name: /^Lines that failed/ });
  await failed.getByText('line-2').waitFor();
  expect(await failed.innerText()).toMatch(/404[^]*model_not_found[^]*no-such-model/);

  expect(await findBarriers(page)).toEqual([]);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the output file' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe(`${id}-output.jsonl`);
  const answers = readFileSync(await saved.path(), 'utf8')
    .trim()
    .split('\n');
  expect(answers.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id)).toEqual([
    'line-1',
    'line-3',
  ]);

  await page.getByRole('link', { name: 'the jobs of its lines' }).click();
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  await page.locator('tbody tr').nth(1).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(2);
});

test('a batch whose input was refused says that it has ended, and no line was run', async () => {
  const id = await makeBatchOf('this is no JSON');
  const page = await scene.openPage({ path: '/console/batches' });
  await page
    .getByRole('row')
    .filter({ hasText: id })
    .getByText('no line was run')
    .waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: id }).click();
  await page.getByText('The input was refused').waitFor();
  const text = await page.locator('main').innerText();
  expect(text).toContain('No line was run.');
  expect(text).toContain('nothing was to be in it');
  expect(text).not.toMatch(/so far|not there yet|Expires|being counted|of its lines/);
});

test('a line that failed at a provider leads to its job', async () => {
  const { broker } = scene;
  const text = readFileSync(broker.configurationPath, 'utf8');
  // 405 closes the only target.
  const target = '{ provider: sandbox-status-codes, model: sandbox-status-405 }';
  const route = `routes:\n  unanswered: { targets: [${target}] }\n`;
  writeFileSync(broker.configurationPath, text.replace(/^routes:\n/m, route));
  await expect
    .poll(async () => (await broker.request('/v1/routes/unanswered')).status, { timeout: 20_000 })
    .toBe(200);
  const id = await makeBatch(['unanswered']);
  const page = await scene.openPage({ path: `/console/batches/${id}` });
  await page.getByText('0 answered, 1 failed, of 1').waitFor({ timeout: 30_000 });
  await page.locator('a[href^="/console/jobs/job_"]').click();
  await page.getByRole('heading', { name: 'Job for unanswered' }).waitFor();
  const attempt = page.locator('details.attempt', { hasText: 'sandbox-status-405' });
  await attempt.waitFor();
  expect(await attempt.innerText()).toContain('405');
});

test('a batch that runs is cancelled, and what was answered stays', async () => {
  await scene.broker.request('/v1/providers/sandbox-openai/pause', { method: 'POST' });
  await scene.broker.request('/v1/providers/sandbox-anthropic/pause', { method: 'POST' });
  const id = await makeBatch(['sandbox-split', 'sandbox-chat', 'sandbox-chat']);
  const page = await scene.openPage({ path: `/console/batches/${id}` });
  await page.getByText('1 answered, 0 failed, of 3').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Cancel …' }).click();
  await page.getByRole('button', { name: 'Cancel the batch' }).click();
  await page.locator('.page-about .pill', { hasText: 'cancelled' }).waitFor({ timeout: 30_000 });
  await page.getByText('1 answered, 2 failed, of 3').waitFor();
  expect(await page.getByRole('button', { name: 'Cancel …' }).count()).toBe(0);
  await scene.broker.request('/v1/providers/sandbox-openai/resume', { method: 'POST' });
  await scene.broker.request('/v1/providers/sandbox-anthropic/resume', { method: 'POST' });
});

test('a batch that came through Anthropic’s calls is listed with its progress', async () => {
  const made = await scene.broker.request('/anthropic/v1/messages/batches', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      requests: [
        {
          custom_id: 'one',
          params: {
            model: 'sandbox-chat',
            max_tokens: 50,
            messages: [{ role: 'user', content: 'Hello.' }],
          },
        },
      ],
    }),
  });
  const { id } = JSON.parse(await made.text()) as { id: string };
  const page = await scene.openPage({ path: '/console/batches' });
  await page.getByRole('link', { name: 'Anthropic' }).click();
  const row = page.getByRole('row').filter({ hasText: id });
  await row.getByText('1 of 1').waitFor({ timeout: 30_000 });
  expect(await row.innerText()).toContain('/v1/messages');
});
