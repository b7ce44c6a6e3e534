import { ask } from '../api/connection.ts';
import type { Job } from '../api/contract.ts';
import { useAnswer } from '../api/use-answer.ts';
import type { Answer } from '../api/use-answer.ts';
import { useApi } from '../session/use-api.ts';

/**
 * The answer of a job that has one, fetched once; its body is undefined where it is no longer kept.
 * Of a job that is not to be stored this takes it: nobody is given it afterwards.
 */
export function useJobAnswer({
  id,
  project,
}: Pick<Job, 'id' | 'project'>): Answer<NonNullable<Job['result']>> {
  const api = useApi(project);
  return useAnswer(`answer of ${id}`, async (signal) => {
    const job = await ask(api.GET('/v1/jobs/{id}', { params: { path: { id } }, signal }));
    if (job.result === undefined) throw new Error('The job has no answer.');
    return job.result;
  });
}
