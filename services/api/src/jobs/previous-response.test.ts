import { expect, test } from 'vitest';
import { withIdPrefix } from '@understudy/submission';
import { problemSchema } from '../schemas/problem-schema.ts';
import { complete, fail, idOf, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const RESPONSE_JOB = { endpoint: '/v1/responses', body: { model: 'two-ways', input: 'hi' } };

/** Asks to go on from the Response of a job; without waiting. */
function goOn(api: TestApi, previous: string, provider = 'main') {
  return api.call('/v1/responses', {
    method: 'POST',
    body: `{"model":"two-ways", "seed":12345678901234567890123, "previous_response_id":"${previous}"}`,
    headers: { prefer: 'respond-async', 'understudy-providers': `only=${provider}` },
  });
}

test("a request that goes on from a Response of ours names it by the vendor's id", async () => {
  const api = await startTestApi();
  const earlier = await submit(api, RESPONSE_JOB);
  await complete(api, earlier, '{}', { provider_response_id: 'resp_of_the_vendor' });
  const accepted = await goOn(api, withIdPrefix('resp_', earlier));
  expect(accepted.status).toBe(202);
  const id = await idOf(accepted);
  const kept = await api.dispatch.store.readRequestBody({ project: 'default', id });
  expect(kept?.toString()).toBe(
    '{"model":"two-ways", "seed":12345678901234567890123, "previous_response_id":"resp_of_the_vendor"}',
  );
});

test('a Response that goes on from another names it by our id, from its beginning to its end', async () => {
  const api = await startTestApi();
  const earlier = await submit(api, RESPONSE_JOB);
  await complete(api, earlier, '{}', { provider_response_id: 'resp_of_the_vendor' });
  const previous = withIdPrefix('resp_', earlier);
  const id = await idOf(await goOn(api, previous));
  const shown = async (job: string) => {
    const response = await api.call(`/v1/responses/${withIdPrefix('resp_', job)}`);
    return ((await response.json()) as { previous_response_id?: unknown }).previous_response_id;
  };
  expect(await shown(id)).toBe(previous);
  // As a worker of an earlier release settles it: with all that the vendor says.
  await complete(api, id, '{"previous_response_id":"resp_of_the_vendor"}');
  expect(await shown(id)).toBe(previous);
  const again = await api.call(`/v1/jobs/${id}/retry`, { method: 'POST' });
  expect(await shown(await idOf(again))).toBe(previous);
  expect(await shown(await idOf(await goOn(api, 'resp_68abcd')))).toBe('resp_68abcd');
  expect(await shown(await submit(api, RESPONSE_JOB))).toBeNull();
});

test("an id that is not of our making is the vendor's own, and stays", async () => {
  const api = await startTestApi();
  const id = await idOf(await goOn(api, 'resp_68abcd'));
  const kept = await api.dispatch.store.readRequestBody({ project: 'default', id });
  expect(kept?.toString()).toContain('"resp_68abcd"');
});

test('what cannot be gone on from is refused with the reason', async () => {
  const api = await startTestApi();
  const refusal = async (previous: string, provider?: string) => {
    const response = await goOn(api, withIdPrefix('resp_', previous), provider);
    expect(response.status).toBe(400);
    const { error } = problemSchema.parse(await response.json());
    expect(error.param).toBe('previous_response_id');
    return error.message;
  };
  const [running, failed, translated, answered, chat] = [
    await submit(api, RESPONSE_JOB),
    await submit(api, RESPONSE_JOB),
    await submit(api, RESPONSE_JOB),
    await submit(api, RESPONSE_JOB),
    await submit(api),
  ];
  await fail(api, failed);
  const dialect = 'chat-completions';
  await complete(api, translated, '{}', { provider_response_id: 'chatcmpl-1', dialect });
  await complete(api, answered, '{}', { provider_response_id: 'resp_1' });
  expect(await refusal('job_00000000000000000000000000')).toContain('not known here');
  expect(await refusal(chat)).toContain('not known here');
  expect(await refusal(running)).toContain('is queued');
  expect(await refusal(failed)).toContain('is failed');
  expect(await refusal(translated)).toContain('another format');
  expect(await refusal(answered, 'backup')).toContain('was given by "main"');
});
