import { useState } from 'preact/hooks';
import { textOf } from '../../components/action-dialog.tsx';
import type { FacetValue, JobFacets } from '../../api/contract.ts';
import { isOperator } from '../../session/scopes.ts';
import { actFor, useWho } from '../../session/session.ts';
import { AGES, FILTER_FACETS, filterPath, toggled, typedAdvice, withTyped } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { FILTER_INPUT_ID } from './use-row-keys.ts';

const TITLES = {
  status: 'Status',
  route: 'Route',
  model: 'Model',
  provider: 'Provider',
  error: 'Error',
  project: 'Project',
} as const;

export interface FilterPanelProps {
  filter: JobFilter;
  facets: JobFacets | undefined;
  /** On a narrow screen, where it is a drawer. */
  isOpen: boolean;
  onFilter(filter: JobFilter): void;
  /** Somebody typed the id of a job. */
  onJob(id: string): void;
}

/** What the list can be narrowed down by, with how many jobs there are of each value. */
export function FilterPanel({ filter, facets, isOpen, onFilter, onJob }: FilterPanelProps) {
  return (
    <aside class={isOpen ? 'filters open' : 'filters'} id="filters" aria-label="Filters">
      <TypedFilter filter={filter} onFilter={onFilter} onJob={onJob} />
      <label class="field small">
        Time
        <select
          value={filter.age ?? ''}
          onChange={(event) => onFilter(withAge(filter, event.currentTarget.value))}
        >
          <option value="">Any time</option>
          {Object.entries(AGES).map(([age, { title }]) => (
            <option key={age} value={age}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {FILTER_FACETS.map((name) => (
        <Facet
          key={name}
          title={TITLES[name]}
          values={facets?.facets[name] ?? []}
          chosen={filter[name]}
          pathOf={(value) => filterPath(toggled(filter, name, value))}
        />
      ))}
      <ProjectFacet values={facets?.facets.project ?? []} />
    </aside>
  );
}

function withAge({ age: _before, ...rest }: JobFilter, age: string): JobFilter {
  return age === '' ? rest : { ...rest, age };
}

function TypedFilter({
  filter,
  onFilter,
  onJob,
}: Pick<FilterPanelProps, 'filter' | 'onFilter' | 'onJob'>) {
  const [advice, setAdvice] = useState<string>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const typed = textOf(new FormData(event.currentTarget), 'typed') ?? '';
    if (/^job_\w+$/.test(typed)) return onJob(typed);
    const next = withTyped(filter, typed);
    setAdvice(next === undefined && typed !== '' ? typedAdvice(typed) : undefined);
    if (next !== undefined) onFilter(next);
    return undefined;
  };
  return (
    <form onSubmit={submit}>
      <label class="field small">
        Filter
        <input
          id={FILTER_INPUT_ID}
          name="typed"
          placeholder="team:search or job_…"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={advice !== undefined}
          aria-describedby="filter-hint"
        />
        <span class="hint" id="filter-hint">
          {advice ?? 'Metadata as key:value, or a job’s id'}
        </span>
      </label>
    </form>
  );
}

interface FacetProps {
  title: string;
  values: readonly FacetValue[];
  chosen: string | undefined;
  pathOf(value: string): string;
}

const MOST_SHOWN = 8;

function Facet({ title, values, chosen, pathOf }: FacetProps) {
  const [isWhole, setIsWhole] = useState(false);
  if (values.length === 0) return null;
  const shown = isWhole ? values : values.slice(0, MOST_SHOWN);
  return (
    <section class="facet">
      <h2>{title}</h2>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value}>
            <a href={pathOf(value)} aria-current={value === chosen ? 'true' : undefined}>
              <span class="facet-value">
                {title === 'Status' ? value.replaceAll('_', ' ') : value}
              </span>
              <span class="facet-count">{count.toLocaleString('en')}</span>
            </a>
          </li>
        ))}
      </ul>
      {values.length > MOST_SHOWN && (
        <button type="button" class="button quiet small" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Fewer' : `All ${values.length}`}
        </button>
      )}
    </section>
  );
}

/** A project is chosen for the whole console, as at its foot. */
function ProjectFacet({ values }: { values: readonly FacetValue[] }) {
  const who = useWho();
  if (!isOperator(who) || values.length === 0) return null;
  return (
    <section class="facet">
      <h2>{TITLES.project}</h2>
      <ul>
        {values.map(({ value, count }) => (
          <li key={value}>
            <button
              type="button"
              aria-pressed={who.acting === value}
              onClick={() => actFor(who.acting === value ? '*' : value)}
            >
              <span class="facet-value">{value}</span>
              <span class="facet-count">{count.toLocaleString('en')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
