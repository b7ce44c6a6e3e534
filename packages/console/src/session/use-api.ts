import { useMemo } from 'preact/hooks';
import { sessionApi } from '../api/connection.ts';
import type { Api } from '../api/connection.ts';
import { useWho } from './session.ts';

/** Calls of the session. @param project of the thing that is asked for, where the session sees several */
export function useApi(project?: string): Api {
  const who = useWho();
  return useMemo(() => sessionApi(who, project), [who, project]);
}
