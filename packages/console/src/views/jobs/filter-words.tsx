import { conditionsOf, isNarrowed } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

/** A filter, read out before something is done to all that match. */
export function FilterWords({ filter }: { filter: JobFilter }) {
  if (!isNarrowed(filter)) return <>Every job of the project.</>;
  return (
    <>
      Jobs with{' '}
      {conditionsOf(filter).map((condition, index) => (
        <span key={condition}>
          {index > 0 && ', '}
          <code>{condition}</code>
        </span>
      ))}
      .
    </>
  );
}
