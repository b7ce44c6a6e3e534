import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAILURES, startCanaryScene } from './canary-scene.ts';
import type { CanaryScene, ToldText } from './canary-scene.ts';
import { PAYLOAD_FIELDS, namesWithCanaries, placesOf } from './canary-places.ts';
import { canariesIn, canary } from './canary-texts.ts';
import type { Canary } from './canary-texts.ts';
import { plantCanaries } from './plant-canaries.ts';
import type { PlantedAnswers } from './canary-caller.ts';

/** Every text that holds a canary it may not hold, by what it is. */
function leaks(texts: readonly ToldText[], allowed: readonly Canary[] = []): string[] {
  expect(texts.length).toBeGreaterThan(0);
  return texts.flatMap(({ what, text }) =>
    canariesIn(text)
      .filter((kind) => !allowed.includes(kind))
      .map((kind) => `${kind} in ${what}`),
  );
}

/** Of every file below a folder its name and its bytes. */
function filesBelow(folder: string): ToldText[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({
      what: 'a file',
      text: `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`,
    }));
}

const SEALED = {
  UNDERSTUDY_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  UNDERSTUDY_ENCRYPTION_REQUIRED: 'true',
};

describe.each([
  { kept: 'as it is', environment: {}, encrypted: false },
  { kept: 'encrypted', environment: SEALED, encrypted: true },
])('what is kept is kept $kept:', ({ environment, encrypted }) => {
  let scene: CanaryScene;
  let answers: PlantedAnswers;

  beforeAll(async () => {
    scene = await startCanaryScene(environment);
    answers = await plantCanaries(scene);
  });
  afterAll(() => scene?.stop());

  test('everything was planted: providers had keys and prompts, receivers events and answers', () => {
    const { vendor, receiver, events } = scene;
    for (const name of FAILURES) {
      const call = vendor.calls.find(({ path }) => path.startsWith(`/${name}/`));
      expect([name, call?.headers.authorization]).toEqual([
        name,
        `Bearer sk-${canary('providerkey', `-${name}`)}`,
      ]);
      expect(canariesIn(call?.body ?? '')).toEqual(['prompt']);
    }
    expect(events.length).toBeGreaterThan(FAILURES.length);
    const bodies = receiver.at('/callback').map(({ body }) => body);
    expect(bodies.filter((body) => body.includes(canary('answer')))).not.toEqual([]);
  });

  test('no line of any process holds one, at the most talkative level', () => {
    const lines = scene.logLines();
    expect(lines.filter(({ text }) => text.includes('"request answered"')).length).toBeGreaterThan(
      50,
    );
    expect(leaks(lines)).toEqual([]);
    expect(lines.filter(({ text }) => text.includes('"withheld"'))).toEqual([]);
  });

  test('no metric of any service holds one', async () => {
    const told = await scene.metrics();
    expect(told.length).toBeGreaterThanOrEqual(6);
    for (const { text } of told) expect(text).toContain('understudy_build_info');
    const all = told.map(({ text }) => text).join('\n');
    expect(all).toMatch(/^understudy_attempts_total\{provider="good",/m);
    expect(all).toMatch(/^understudy_delivery_tries_total\{/m);
    expect(leaks(told)).toEqual([]);
  });

  test('no trace holds one, of whatever became of a job', async () => {
    const told = await scene.traces([
      'POST /v1/jobs',
      'POST /v1/batches',
      'process malformed',
      'chat m',
      'deliver job.failed',
    ]);
    expect(leaks(told)).toEqual([]);
  });

  test('no refusal repeats what it refuses', () => {
    expect(leaks(answers.refusals)).toEqual([]);
  });

  test("a failed call tells its caller the provider's words, and never the provider's key", () => {
    expect(leaks(answers.failures, ['prompt', 'answer'])).toEqual([]);
    const told = answers.failures.map(({ text }) => text).join('\n');
    expect(canariesIn(told)).toContain('prompt');
    expect(told).toContain('[masked]');
  });

  test('an owner reads what is the owner’s, and no key or secret', () => {
    const payload: Canary[] = ['prompt', 'answer', 'metadata', 'callbackurl', 'receiver'];
    expect(leaks(answers.owned, payload)).toEqual([]);
    expect(canariesIn(answers.owned.map(({ text }) => text).join('\n')).toSorted()).toEqual(
      payload.toSorted(),
    );
  });

  test('nothing that all of a project see holds one', () => {
    expect(leaks(answers.views)).toEqual([]);
  });

  test('no event holds one, nor a delivery of one but for the answer that it was to bring', () => {
    expect(leaks(scene.events)).toEqual([]);
    const deliveries = [...scene.receiver.at('/callback'), ...scene.receiver.at('/all')];
    const texts = deliveries.map(({ path, body, headers, event }) => ({
      what: `${event.type} to ${path}`,
      text: `${JSON.stringify(headers)}\n${body}`,
    }));
    const thin = texts.filter((_, index) => deliveries[index]?.event.data['result'] === undefined);
    expect(leaks(thin)).toEqual([]);
    expect(leaks(texts, ['answer'])).toEqual([]);
  });

  test('Redis was never given one but in the payload fields, and none in a name', () => {
    const { seen } = scene.writes;
    expect(seen.length).toBeGreaterThan(1000);
    // BullMQ's entries are among them.
    expect(seen.some(({ key, field }) => key.includes(':queue:') && field === 'data')).toBe(true);
    const places = placesOf(seen);
    expect(places).toEqual(encrypted ? {} : PAYLOAD_FIELDS);
    expect(namesWithCanaries(seen)).toEqual([]);
  });

  test('files hold what batches asked and were answered, in the clear or not, and no key or secret', () => {
    const files = filesBelow(scene.broker.filesPath);
    expect(files.length).toBeGreaterThan(2);
    expect(leaks(files, encrypted ? [] : ['prompt', 'answer'])).toEqual([]);
    const held = new Set(files.flatMap(({ text }) => canariesIn(text)));
    expect([...held].toSorted()).toEqual(encrypted ? [] : ['answer', 'prompt']);
  });
});
