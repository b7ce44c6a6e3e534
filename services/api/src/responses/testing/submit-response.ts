import { submit } from '../../testing/start-test-api.ts';
import type { TestApi } from '../../testing/start-test-api.ts';

/** Submits a request for a Response and gives its id, `resp_…`. */
export async function submitResponse(
  api: TestApi,
  body: Record<string, unknown> = {},
  terms: Record<string, unknown> = {},
): Promise<string> {
  const id = await submit(api, {
    ...terms,
    endpoint: '/v1/responses',
    body: { model: 'one-way', input: 'Hello', ...body },
  });
  return id.replace('job_', 'resp_');
}
