import { AGES, FILTER_FACETS, isNarrowed } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

/** A filter, read out before something is done to all that match. */
export function FilterWords({ filter }: { filter: JobFilter }) {
  if (!isNarrowed(filter)) return <>Every job of the project.</>;
  const { age } = filter;
  const conditions = [
    ...[...FILTER_FACETS, 'batch' as const].flatMap((name) => {
      const value = filter[name];
      return value === undefined ? [] : [`${name} ${value}`];
    }),
    ...filter.metadata,
    ...(age === undefined ? [] : [(AGES[age]?.title ?? age).toLowerCase()]),
  ];
  return (
    <>
      Jobs with{' '}
      {conditions.map((condition, index) => (
        <span key={condition}>
          {index > 0 && ', '}
          <code>{condition}</code>
        </span>
      ))}
      .
    </>
  );
}
