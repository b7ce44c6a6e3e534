import { beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../support/start-broker.ts';
import { IMAGE, IMAGE_ADDRESS, IMAGE_PATH, SCHEMA, TOOL } from './asked.ts';
import { type Caller, CALLERS } from './callers.ts';
import { startConformance, type ConformanceScene } from './conformance-scene.ts';
import { submitsAsJob } from './job-fetch.ts';
import { imagesFrom } from './targets.ts';
import { findTicket, writeTicket } from './tickets.ts';

const PROVIDERS = {
  openai: 'openai',
  vertex: 'vertex',
  bedrock: 'bedrock',
  databricks: 'databricks',
} as const;
const ROUTES = `
routes:
  inline-first:
    targets:
      - { provider: bedrock, model: claude-sonnet-4-5 }
      - { provider: vertex, model: claude-sonnet-4-5 }
      - { provider: openai, model: gpt-5.5 }
  newest-on-bedrock:
    targets: [ { provider: bedrock, model: claude-opus-5-5 } ]
  strict-images:
    onLoss: refuse
    targets: [ { provider: bedrock, model: claude-sonnet-4-5 } ]
  strict:
    onLoss: refuse
    targets:
      - { provider: openai, model: gpt-5.5 }
      - { provider: databricks, model: llama-3.3-70b-instruct }
`;

/** An image by an address, in the words of each dialect. */
const IMAGES: Readonly<Record<Caller['dialect'], (url: string) => object>> = {
  'chat-completions': (url) => ({ type: 'image_url', image_url: { url } }),
  responses: (url) => ({ type: 'input_image', detail: 'auto', image_url: url }),
  messages: (url) => ({ type: 'image', source: { type: 'url', url } }),
};

/** Submits a question beside an image, and says what the vendors got. */
async function ask(
  { broker, vendors }: ConformanceScene,
  caller: Caller,
  url: string,
  purpose: string,
): Promise<{ job: JobView; sent: { provider: string; body: string }[] }> {
  const ticket = writeTicket(caller.dialect, 'inline-first', purpose);
  const body = {
    ...caller.body('inline-first', ticket, 'bare'),
    ...caller.asking(ticket, IMAGES[caller.dialect](url)),
  };
  const job = await submitsAsJob(broker, caller.endpoint).submit(vendors.withImages(body));
  const calls = vendors.callsOf(findTicket(ticket) ?? '');
  return {
    job,
    sent: calls.map(({ provider, body: got }) => ({ provider, body: JSON.stringify(got) })),
  };
}

async function submit({ broker, vendors }: ConformanceScene, body: object): Promise<Response> {
  return await broker.request('/v1/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: '/v1/chat/completions', body: vendors.withImages(body) }),
  });
}

const ofImage = (model: string): object => ({
  model,
  messages: [{ role: 'user', content: [IMAGES['chat-completions'](IMAGE_ADDRESS)] }],
});

describe('where images are fetched', () => {
  let scene: ConformanceScene;
  beforeAll(async () => {
    scene = await startConformance(PROVIDERS, ROUTES);
    return () => scene[Symbol.asyncDispose]();
  });

  test.for(CALLERS)('$dialect: Claude on Bedrock gets the image itself', async (caller) => {
    const { job, sent } = await ask(scene, caller, IMAGE_ADDRESS, 'fetched');
    expect(job).toMatchObject({ status: 'completed', attempts: [{ outcome: 'succeeded' }] });
    expect(sent).toEqual([{ provider: 'bedrock', body: expect.stringContaining(IMAGE) }]);
    expect(sent[0]?.body).not.toContain(IMAGE_PATH);
  });

  test.for(CALLERS)(
    '$dialect: an image that is not there is left to a provider that fetches it itself',
    async (caller) => {
      const missing = `${scene.vendors.url}/missing.png`;
      const { job, sent } = await ask(scene, caller, missing, 'missing');
      expect(job).toMatchObject({ status: 'completed' });
      expect(job.attempts).toMatchObject([
        {
          provider: 'bedrock',
          outcome: 'skipped',
          verdict: 'next_for_good',
          rule: 'image_unreachable',
          error: { message: expect.stringMatching(/\[0\]\.content\[1\]: .* status 404/) },
        },
        { provider: 'vertex', outcome: 'skipped', rule: 'image_unreachable' },
        { provider: 'openai', outcome: 'succeeded' },
      ]);
      expect(sent).toEqual([{ provider: 'openai', body: expect.stringContaining(missing) }]);
    },
  );

  test('an image on a network that nobody allowed is not asked for', async () => {
    const [caller] = CALLERS;
    if (caller === undefined) throw new Error('there are no callers');
    const { job } = await ask(scene, caller, 'https://169.254.169.254/latest.png', 'metadata');
    expect(job.attempts).toMatchObject([
      { rule: 'image_unreachable', error: { message: expect.stringContaining('not permitted') } },
      { rule: 'image_unreachable' },
      { provider: 'openai', outcome: 'succeeded' },
    ]);
  });

  test('messages: a schema that Bedrock refuses of a model goes to it by Converse', async () => {
    const caller = CALLERS.find(({ dialect }) => dialect === 'messages');
    if (caller === undefined) throw new Error('nobody speaks messages');
    const jobAsking = async (asked: 'plain' | 'json-schema'): Promise<JobView> => {
      const ticket = writeTicket(caller.dialect, 'newest-on-bedrock', asked);
      return (await caller.ask(scene.broker, 'newest-on-bedrock', ticket, asked)).job;
    };
    expect((await jobAsking('plain')).attempts).toMatchObject([{ dialect: 'messages' }]);
    expect((await jobAsking('json-schema')).attempts).toMatchObject([
      {
        outcome: 'succeeded',
        dialect: 'converse',
        warnings: [
          { field: 'output_config.format', message: expect.stringContaining('asked for') },
        ],
      },
    ]);
  });

  test('a route that refuses losses takes an image by its address', async () => {
    expect((await submit(scene, ofImage('strict-images'))).status).toBe(202);
  });

  test.each([
    ['store', { store: true }],
    [
      'tools[].function.strict',
      { tools: [{ type: 'function', function: { ...TOOL, strict: true, parameters: SCHEMA } }] },
    ],
  ])(
    'what Databricks alone refuses, %s, is refused at submit where the route wants that',
    async (field, members) => {
      const body = { model: 'strict', messages: [{ role: 'user', content: 'Hi' }] };
      const refused = await submit(scene, { ...body, ...members });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        detail: expect.stringContaining(`at "databricks", ${field}: is refused by Databricks`),
        error: { param: `body.${field}` },
      });
      expect((await submit(scene, body)).status).toBe(202);
    },
  );
});

describe('where no image is fetched', () => {
  let scene: ConformanceScene;
  beforeAll(async () => {
    scene = await startConformance(PROVIDERS, ROUTES, (url) =>
      imagesFrom(url).replace('{', '{ fetchImages: false,'),
    );
    return () => scene[Symbol.asyncDispose]();
  });

  test.for(CALLERS)(
    '$dialect: a provider that takes images inline alone is passed over',
    async (caller) => {
      const { job, sent } = await ask(scene, caller, IMAGE_ADDRESS, 'switched-off');
      expect(job.attempts).toMatchObject([
        {
          provider: 'bedrock',
          outcome: 'skipped',
          rule: 'untranslatable',
          error: { message: expect.stringContaining('send it inline') },
        },
        { provider: 'vertex', outcome: 'skipped', rule: 'untranslatable' },
        { provider: 'openai', outcome: 'succeeded' },
      ]);
      expect(sent).toEqual([{ provider: 'openai', body: expect.stringContaining(IMAGE_PATH) }]);
    },
  );

  test('a route that refuses losses says so at submit', async () => {
    const refused = await submit(scene, ofImage('strict-images'));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { param: 'body.messages[0].content[0]' },
    });
  });
});
