import { useApi } from './use-api.ts';
import { ask } from '../api/connection.ts';
import { useAnswer } from '../api/use-answer.ts';
import { actFor } from './session.ts';
import type { Who } from './session-store.ts';

/** For the operator: whose things are shown. */
export function ProjectSwitch({ who }: { who: Who }) {
  const api = useApi();
  const { data } = useAnswer('projects', (signal) =>
    ask(api.GET('/v1/admin/projects', { signal })),
  );
  const chosen = who.acting ?? who.project;
  const ids = new Set([...(data?.data.map(({ name }) => name) ?? []), who.project]);
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
