import { DELIVERY_STATES, fromLocalInput, localInput } from './delivery-filter.ts';
import type { DeliveryFilter } from './delivery-filter.ts';

interface DeliveryFilterBarProps {
  filter: DeliveryFilter;
  onChange(filter: DeliveryFilter): void;
}

const STATE_WORDS = { pending: 'Pending', delivered: 'Delivered', dead: 'Dead letters' } as const;

/** Narrows the log. Texts count once they are left or Enter is pressed. */
export function DeliveryFilterBar({ filter, onChange }: DeliveryFilterBarProps) {
  const change = (name: keyof DeliveryFilter, value: string | undefined): void => {
    const { [name]: _before, ...others } = filter;
    onChange(value === undefined || value === '' ? others : { ...others, [name]: value });
  };
  return (
    <search class="delivery-filter">
      <div class="choice" role="group" aria-label="State">
        {[undefined, ...DELIVERY_STATES].map((state) => (
          <button
            key={state ?? 'all'}
            type="button"
            class="button"
            aria-pressed={filter.state === state}
            onClick={() => change('state', state)}
          >
            {state === undefined ? 'All' : STATE_WORDS[state]}
          </button>
        ))}
      </div>
      <label class="field">
        Endpoint
        <input
          type="search"
          placeholder="we_… or cb_…"
          spellcheck={false}
          value={filter.endpoint ?? ''}
          onChange={(event) => change('endpoint', event.currentTarget.value.trim())}
        />
      </label>
      <label class="field">
        Job
        <input
          type="search"
          placeholder="job_…"
          spellcheck={false}
          value={filter.job ?? ''}
          onChange={(event) => change('job', event.currentTarget.value.trim())}
        />
      </label>
      <label class="field">
        Since
        <input
          type="datetime-local"
          value={localInput(filter.since)}
          onChange={(event) => change('since', fromLocalInput(event.currentTarget.value))}
        />
      </label>
      <label class="field">
        Before
        <input
          type="datetime-local"
          value={localInput(filter.before)}
          onChange={(event) => change('before', fromLocalInput(event.currentTarget.value))}
        />
      </label>
      {Object.keys(filter).length > 0 && (
        <button type="button" class="button quiet" onClick={() => onChange({})}>
          Clear
        </button>
      )}
    </search>
  );
}
