import { useEffect, useRef } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { JobFacets } from '../../api/contract.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useApi } from '../../session/use-api.ts';
import { queryOf } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

/**
 * How many jobs there are of each value; those of the filter before until the new ones are there.
 * @param changes asks again when it grows
 */
export function useJobFacets(filter: JobFilter, changes: number): JobFacets | undefined {
  const api = useApi();
  const last = useRef<JobFacets | undefined>(undefined);
  const { data, refresh } = useAnswer(`facets ${JSON.stringify(filter)}`, (signal) =>
    ask(api.GET('/v1/jobs/facets', { params: { query: queryOf(filter, Date.now()) }, signal })),
  );
  useEffect(() => {
    if (changes > 0) refresh();
  }, [changes]);
  last.current = data ?? last.current;
  return last.current;
}
