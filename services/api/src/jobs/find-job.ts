import type { OpenDispatch } from '@understudy/dispatch';
import type { JobReference } from '@understudy/job-store';
import { ALL_PROJECTS, projectsOf } from '../requests/all-projects.ts';
import { jobNotFound, jobReference } from './send-job.ts';

/**
 * The job a path names, in the project that the request acts on: where that is all of them, in the
 * one that has it, found by one read of as many records as there are projects.
 * @throws BrokerError 404 for what can be no job, and where all were asked and none has it
 */
export async function findJob(
  dispatch: OpenDispatch,
  project: string,
  id: string,
): Promise<JobReference> {
  const named = jobReference(project, id);
  if (project !== ALL_PROJECTS) return named;
  const projects = await projectsOf(dispatch, project);
  const records = await dispatch.store.readRecords(projects.map((one) => ({ project: one, id })));
  const found = records.find((record) => record !== undefined);
  if (found === undefined) throw jobNotFound();
  return { project: found.request.project, id };
}
