import { useAnswer } from '../api/use-answer.ts';
import type { Answer } from '../api/use-answer.ts';
import { ask } from '../api/connection.ts';
import type { Job } from '../api/contract.ts';
import { useEvents } from '../api/use-events.ts';
import type { StreamState } from '../api/use-events.ts';
import { useApi } from '../session/use-api.ts';

/**
 * A job as it is now without its answer, asked for again with each of its events until it has ended.
 * To fetch the answer would be to take it from the caller, where the job is not to be stored.
 * @param project of the job, where it is known and the session sees several
 */
export function useJob(id: string, project?: string): Answer<Job> & { stream: StreamState } {
  const api = useApi(project);
  const answer = useAnswer<Job>(`job ${id} ${project ?? ''}`, (signal) =>
    ask(
      api.GET('/v1/jobs/{id}', { params: { path: { id }, query: { without: 'result' } }, signal }),
    ),
  );
  const isOpen = answer.data !== undefined && answer.data.completed_at === undefined;
  // An operator may have asked all projects for it; its events are those of one.
  const found = project ?? answer.data?.project;
  const stream = useEvents({ id, project: found, isWanted: isOpen }, answer.refresh);
  return { ...answer, stream };
}
