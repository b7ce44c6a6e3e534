import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { endJob } from '@understudy/dispatch';
import { expect, onTestFinished, test } from 'vitest';
import { createImageFetcher } from './image-fetcher.ts';
import { openWorker, plannedFor } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkqP9fDwAChgGAWjR9awAAAABJRU5ErkJggg==';
const ab = [{ provider: 'a' }, { provider: 'b' }];

interface ImageScene extends WorkerScene {
  /** Of an image on a server of this test. */
  imageUrl: string;
  /** Requests for the image so far. */
  asked(): number;
}

/** Providers `a` and `b`, of which these take images inline alone. */
async function openImages(
  inlineAt: readonly string[],
  listener: RequestListener,
  maxImageBytes = 1_000,
): Promise<ImageScene> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const scene = await openWorker(ab);
  const outbound = {
    allow: ['127.0.0.1'],
    fetchImages: true,
    maxImageBytes,
    imageTimeoutMs: 5_000,
  };
  const images = createImageFetcher(outbound, () => performance.now());
  onTestFinished(() => images.close());
  scene.worker.images = images;
  for (const [name, { registration }] of scene.worker.providers) {
    if (inlineAt.includes(name)) registration.inline_files = ['chat-completions'];
  }
  return {
    ...scene,
    imageUrl: `http://127.0.0.1:${address.port}/private/cat.png?key=secret`,
    asked: () => asked,
  };
}

const givingPng: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from(PNG, 'base64'));
};

function bodyWith(...urls: string[]): string {
  const images = urls.map((url) => ({ type: 'image_url', image_url: { url } }));
  return JSON.stringify({ model: 'm', messages: [{ role: 'user', content: images }] });
}

test('an image is fetched for a provider that takes it inline alone', async () => {
  const { vendor, submit, takeTurn, imageUrl } = await openImages(['a'], givingPng);
  const job = await submit({}, bodyWith(imageUrl));
  const { record, attempts } = await takeTurn(job);
  expect(record.status).toBe('completed');
  expect(attempts).toMatchObject([{ provider: 'a', outcome: 'succeeded' }]);
  expect(vendor.calls[0]?.body).toContain(`"url":"data:image/png;base64,${PNG}"`);
});

test('an image that is not to be had closes such a target, and others get its URL', async () => {
  const { vendor, submit, takeTurn, imageUrl } = await openImages(['a'], (_, response) => {
    response.writeHead(404).end();
  });
  const job = await submit({}, bodyWith(imageUrl));
  await takeTurn(job);
  const { record, attempts } = await takeTurn(job);
  expect(record.status).toBe('completed');
  expect(attempts).toMatchObject([
    {
      provider: 'a',
      outcome: 'skipped',
      verdict: 'next_for_good',
      rule: 'image_unreachable',
      error: { message: 'messages[0].content[0]: the image was answered with status 404' },
    },
    { provider: 'b', outcome: 'succeeded' },
  ]);
  expect(vendor.calls.map(({ path }) => path)).toEqual(['/b/v1/chat/completions']);
  expect(vendor.calls[0]?.body).toContain(imageUrl);
  expect(JSON.stringify(attempts)).not.toContain('secret');
});

test('a job fails by that rule when no target fetches images itself', async () => {
  const { vendor, submit, takeTurn, imageUrl } = await openImages(['a', 'b'], (_, response) => {
    response.writeHead(500).end();
  });
  const job = await submit({}, bodyWith(imageUrl));
  await takeTurn(job);
  const { record } = await takeTurn(job);
  expect(record).toMatchObject({ status: 'failed', end: { error: { rule: 'image_unreachable' } } });
  expect(vendor.calls).toEqual([]);
});

test('for two targets in a row an image is fetched once, and for another job again', async () => {
  const { vendor, submit, takeTurn, imageUrl, asked } = await openImages(['a', 'b'], givingPng);
  vendor.onCall(/^\/a\//, { status: 503 });
  const job = await submit({}, bodyWith(imageUrl));
  await takeTurn(job);
  expect((await takeTurn(job)).record.status).toBe('completed');
  expect(asked()).toBe(1);
  vendor.reset();
  await takeTurn(await submit({}, bodyWith(imageUrl)));
  expect(asked()).toBe(2);
});

test('all images of one call together have four times the bytes of one', async () => {
  const { submit, takeTurn, imageUrl } = await openImages(['a'], givingPng, 100);
  const body = (count: number): string =>
    bodyWith(...Array.from({ length: count }, (_, index) => `${imageUrl}${index}`));
  expect((await takeTurn(await submit({}, body(5)))).attempts[0]).toMatchObject({
    outcome: 'succeeded',
  });
  expect((await takeTurn(await submit({}, body(6)))).attempts[0]).toMatchObject({
    rule: 'image_unreachable',
    error: { message: expect.stringContaining('more than 400 bytes') },
  });
});

test('a job whose image is being fetched at a shutdown goes back to the same target', async () => {
  const scene = await openImages(['a'], (request, response) => {
    if (scene.asked() === 1) scene.worker.running.stopAll('drain');
    else givingPng(request, response);
  });
  const job = await scene.submit({}, bodyWith(scene.imageUrl));
  const { record, attempts } = await scene.takeTurn(job);
  expect(record).toMatchObject({ status: 'queued', turn: 2, progress: { closed: {} } });
  expect(plannedFor(record.progress).provider).toBe('a');
  expect(attempts).toEqual([]);
  expect((await scene.takeTurn(job)).attempts).toMatchObject([
    { number: 1, provider: 'a', outcome: 'succeeded' },
  ]);
});

test('nothing is left to be done for a job that ends while its image is fetched', async () => {
  const scene = await openImages(['a'], () => void endJob(scene.dispatch, job, 'cancelled'));
  const job = await scene.submit({}, bodyWith(scene.imageUrl));
  const { record } = await scene.takeTurn(job);
  expect(record).toMatchObject({ status: 'cancelled', turn: 2 });
  expect(await scene.dispatch.queue.counts('b')).toMatchObject({ waiting: 0 });
});
