import type { Settings } from '@understudy/configuration';
import type { DispatchOptions } from '@understudy/dispatch';
import { measureJobStore } from './measure-job-store.ts';
import type { Metrics } from './metrics.ts';
import { createModelLabels } from './model-labels.ts';

/** What a dispatch is opened with so that its changes of jobs are measured; nothing where metrics are off. */
export function measuring(
  metrics: Metrics | undefined,
  settings: () => Settings,
): Pick<DispatchOptions, 'measure'> {
  if (metrics === undefined) return {};
  return {
    measure: (store, { registration }) => {
      const modelLabel = createModelLabels(registration, settings);
      return measureJobStore(store, metrics, { registration, modelLabel });
    },
  };
}
