import { firstProgress } from '@understudy/dispatch';
import { requestAt } from '@understudy/dispatch/testing';
import { createJobId, withIdPrefix } from '@understudy/submission';
import { expect, test } from 'vitest';
import { prepareLine } from './prepare-line.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';
import type { RunnerScene } from './testing/runner-scene.ts';

test.each([
  ['a line that was too long to be held', undefined, ''],
  ['a line with too large a body', Buffer.from(inputOf(1)), 'r1'],
])('%s is told the limit, and which setting it is', async (_name, bytes, customId) => {
  const { context, create } = await openRunnerScene();
  const { settings, ...views } = context.dispatch.views();
  const limited = { ...settings, limits: { ...settings.limits, bodyBytes: 10 } };
  const dispatch = { ...context.dispatch, views: () => ({ ...views, settings: limited }) };
  const line = { number: 1, next: 0, bytes };
  expect(await prepareLine({ dispatch }, await create(inputOf(1)), line)).toEqual({
    kind: 'rejected',
    rejection: {
      customId,
      statusCode: 413,
      code: 'body_too_large',
      message: 'the request is larger than the 10 bytes that this broker takes (limits.bodyBytes)',
    },
  });
});

/** A Response that was answered by a provider, under the vendor's id `resp_of_the_vendor`. */
async function answeredResponse({ dispatch: { clock, store } }: RunnerScene, provider: string) {
  const now = clock.now();
  const responses = { endpoint: '/v1/responses', dialect: 'responses' } as const;
  const job = requestAt(now, { id: createJobId(now), ...responses });
  await store.create(job, firstProgress(job), Buffer.from('{}'), [], now + 60_000);
  const begun = await store.begin(job, 1, now, now + 60_000);
  if (begun.kind !== 'started') throw new Error(`the job could not begin: ${begun.kind}`);
  const { token } = begun;
  const attempt = { number: 1, round: 1, target: provider, provider, model_requested: 'm', token };
  await store.transition(job, {
    token,
    status: 'completed',
    nextTurn: 2,
    appended: [
      {
        ...attempt,
        outcome: 'succeeded',
        started_at: now,
        provider_response_id: 'resp_of_the_vendor',
      },
    ],
    folded: [],
    result: Buffer.from('{}'),
    end: { v: 1, result: { provider } },
    endedAt: now,
    keepMs: 60_000,
  });
  return withIdPrefix('resp_', job.id);
}

/** Prepares a line that goes on from a Response; its only route leads to the provider `a`. */
async function prepareGoingOn({ context, create }: RunnerScene, previous: string) {
  const body = `{"model":"m", "seed":12345678901234567890, "previous_response_id":"${previous}"}`;
  const text = `{"custom_id":"r1","method":"POST","url":"/v1/responses","body":${body}}`;
  const batch = await create(text, { endpoint: '/v1/responses' });
  return prepareLine(context, batch, { number: 1, next: 0, bytes: Buffer.from(text) });
}

test("a line that goes on from a Response of ours names it by the vendor's id, each time it is prepared", async () => {
  const scene = await openRunnerScene();
  const previous = await answeredResponse(scene, 'a');
  for (const named of [previous, previous, 'resp_of_the_vendor']) {
    const line = await prepareGoingOn(scene, named);
    if (line.kind !== 'job') throw new Error(`the line is ${line.kind}: ${line.rejection.message}`);
    expect(line.body.toString()).toBe(
      '{"model":"m", "seed":12345678901234567890, "previous_response_id":"resp_of_the_vendor"}',
    );
    // By which its answer is to name it.
    expect(line.request.previous_response_id).toBe(named === previous ? previous : undefined);
  }
});

test('a line that cannot go on from what it names is refused with the reason', async () => {
  const scene = await openRunnerScene();
  const refusal = async (previous: string) => {
    const line = await prepareGoingOn(scene, previous);
    if (line.kind !== 'rejected') throw new Error(`the line is ${line.kind}`);
    return line.rejection;
  };
  const foreign = await answeredResponse(scene, 'b');
  expect(await refusal(foreign)).toEqual({
    customId: 'r1',
    statusCode: 400,
    code: 'invalid_request',
    param: 'previous_response_id',
    message:
      'the response named by previous_response_id was given by "b", which this request does not go to',
  });
  const unknown = await refusal(withIdPrefix('resp_', createJobId(1)));
  expect(unknown.message).toContain('is not known here');
});

test('a Redis that does not answer is no error of the line', async () => {
  const scene = await openRunnerScene();
  const previous = await answeredResponse(scene, 'a');
  scene.dispatch.store.read = () => Promise.reject(new Error('Redis is away'));
  await expect(prepareGoingOn(scene, previous)).rejects.toThrow('Redis is away');
});
