import { useApi } from './use-api.ts';
import { readProjects } from '../api/read-projects.ts';
import { useAnswer } from '../api/use-answer.ts';
import { actFor } from './session.ts';
import type { Who } from './session-store.ts';

/** For the operator: whose things are shown. */
export function ProjectSwitch({ who }: { who: Who }) {
  const api = useApi();
  const { data = [] } = useAnswer('projects', (signal) => readProjects(api, signal));
  const chosen = who.acting ?? who.project;
  const ids = new Set([...data.map(({ name }) => name), who.project]);
  if (chosen !== '*') ids.add(chosen);
  return (
    <label class="field small">
      Project
      <select value={chosen} onChange={(event) => actFor(event.currentTarget.value)}>
        <option value="*">All projects</option>
        {[...ids].toSorted().map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}
