import { Fragment } from 'preact';
import type { Attempt } from '../api/contract.ts';
import { Icon } from '../components/icon.tsx';

/** The name on its way: as asked for, as drawn in a split, as sent, as the provider says it served. */
export function ModelNames({ attempt }: { attempt: Attempt }) {
  const steps = [
    ['requested', attempt.model_requested],
    ['drawn', attempt.model_drawn],
    ['sent', attempt.model_sent],
    ['served', attempt.model_served],
  ].filter((step): step is [string, string] => step[1] !== undefined);
  return (
    <p class="model-names">
      {steps.map(([step, name], index) => (
        <Fragment key={step}>
          {index > 0 && <Icon name="next" />}
          <span>
            <span class="small muted">{step}</span> <span class="mono">{name}</span>
          </span>
        </Fragment>
      ))}
    </p>
  );
}
