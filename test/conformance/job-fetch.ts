import type { Broker, JobView } from '../support/start-broker.ts';

const WAIT_SECONDS = 50;

/** An SDK's way to a broker: what it posts is submitted as a job, and waited for. */
export interface JobFetch {
  /** Takes a request of the SDK, and gives the job's answer as the vendor's. */
  fetch: typeof globalThis.fetch;
  /** The job of the last request. @throws Error where none was made */
  last(): JobView;
  /** Submits a body and waits for the job's end, whatever it is. */
  submit(body: unknown): Promise<JobView>;
}

export function submitsAsJob(broker: Broker, endpoint: string): JobFetch {
  let last: JobView | undefined;
  const submit = async (body: unknown): Promise<JobView> => {
    const response = await broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: `wait=${WAIT_SECONDS}` },
      body: JSON.stringify({ endpoint, body }),
    });
    const answered = await response.text();
    if (response.status !== 200) throw new Error(`the submit got ${response.status}: ${answered}`);
    const job: JobView = JSON.parse(answered);
    last = job;
    return job;
  };
  return {
    submit,
    async fetch(_url, init) {
      const job = await submit(await new Request('http://unused.invalid', init ?? {}).json());
      const { result } = job;
      const body = isResult(result) ? result.body : { error: { message: JSON.stringify(job) } };
      return Response.json(body, { status: isResult(result) ? 200 : 502 });
    },
    last() {
      if (last === undefined) throw new Error('no job was submitted');
      return last;
    },
  };
}

function isResult(value: unknown): value is { body: unknown } {
  return typeof value === 'object' && value !== null && 'body' in value;
}
