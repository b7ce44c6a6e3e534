import { BrokerError } from '@understudy/contracts';
import type { JobReference, JobStore, StoredJob } from '@understudy/job-store';
import { withoutContent } from '../jobs/render-job.ts';
import { readMembers } from './read-members.ts';
import type { MemberReader } from './read-members.ts';
import { responseNotFound } from './response-reference.ts';

const NO_REQUEST = Buffer.from('{}');

/** A job as OpenAI's callers may see it. */
export interface StoredResponse {
  stored: StoredJob;
  /** Of the request; of one whose bytes are no longer kept, all are absent. */
  request: MemberReader;
  /** The answer as the provider gave it, but for its id; only of a completed job. */
  answer?: Buffer;
}

/** @throws BrokerError 404 when the job is gone, or is no Response; 410 when its answer is gone */
export async function readResponse(store: JobStore, job: JobReference): Promise<StoredResponse> {
  const stored = await store.read(job);
  if (stored?.record.request.dialect !== 'responses') throw responseNotFound();
  const request = readMembers((await store.readRequestBody(job)) ?? NO_REQUEST);
  if (stored.record.status !== 'completed') return { stored, request };
  const answer = await store.readResult(job);
  if (answer === undefined) throw answerMoved(stored.record.resultFile);
  return { stored, request, answer };
}

/** What a Response was asked with. @throws BrokerError 404 as above; 410 when that is gone */
export async function readInput(store: JobStore, job: JobReference): Promise<unknown> {
  const [record] = await store.readRecords([job]);
  if (record?.request.dialect !== 'responses') throw responseNotFound();
  const body = await store.readRequestBody(job);
  if (body === undefined) {
    throw new BrokerError('gone', 'the input of this response is no longer kept');
  }
  return readMembers(body)('input');
}

/** Whether its caller asked for it in the background, whichever door it came through. */
export function isBackground({ stored, request }: StoredResponse): boolean {
  return stored.record.request.background === true || request('background') === true;
}

/** A Response for those who may see all but what was asked, answered and said. */
export function responseWithoutContent({ stored, request }: StoredResponse): StoredResponse {
  return {
    stored: { ...stored, record: withoutContent(stored.record) },
    request: (name) => (name === 'background' ? request(name) : undefined),
  };
}

function answerMoved(file: string | undefined): BrokerError {
  return new BrokerError(
    'gone',
    file === undefined
      ? 'the answer of this response is no longer kept'
      : `the answer of this response stands in the file ${file}; read it there`,
  );
}
