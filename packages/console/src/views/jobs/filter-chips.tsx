import { Icon } from '../../components/icon.tsx';
import { AGES, FILTER_FACETS } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

interface Chip {
  text: string;
  without: JobFilter;
}

/** What the list is narrowed down to; each condition can be taken away. */
export function FilterChips({
  filter,
  onFilter,
}: {
  filter: JobFilter;
  onFilter(filter: JobFilter): void;
}) {
  const chips = chipsOf(filter);
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Conditions">
      {chips.map(({ text, without }) => (
        <li key={text}>
          <button
            type="button"
            class="chip"
            aria-label={`Without ${text}`}
            onClick={() => onFilter(without)}
          >
            {text} <Icon name="close" />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" class="chip plain" onClick={() => onFilter({ metadata: [] })}>
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}

function chipsOf(filter: JobFilter): Chip[] {
  const chips: Chip[] = [];
  for (const name of [...FILTER_FACETS, 'batch', 'age'] as const) {
    const { [name]: value, ...without } = filter;
    if (value === undefined) continue;
    const text = name === 'age' ? (AGES[value]?.title ?? value) : `${name}: ${value}`;
    chips.push({ text, without });
  }
  for (const pair of filter.metadata) {
    const metadata = filter.metadata.filter((one) => one !== pair);
    chips.push({ text: pair, without: { ...filter, metadata } });
  }
  return chips;
}
