import type { BatchRuns } from '@understudy/batch-store';
import type { Metrics } from '@understudy/metrics';

/** Counts lines and batches where it is written down what became of them; adds no round trip. */
export function measureRuns(runs: BatchRuns, metrics: Metrics | undefined): BatchRuns {
  if (metrics === undefined) return runs;
  return {
    ...runs,
    admit: async (lease, admission) => {
      await runs.admit(lease, admission);
      const rejected = admission.rejected.size;
      metrics.batchLinesAdmitted.inc({ result: 'job' }, admission.admitted - rejected);
      metrics.batchLinesAdmitted.inc({ result: 'rejected' }, rejected);
    },
    commitPart: async (lease, part, withoutJob) => {
      await runs.commitPart(lease, part, withoutJob);
      const file = part.role === 'out' ? 'output' : 'error';
      metrics.batchLinesWritten.inc({ file }, part.entries.length);
    },
    finish: async (lease, ended, now, keepMs) => {
      await runs.finish(lease, ended, now, keepMs);
      metrics.batchesEnded.inc({ status: ended.status });
    },
  };
}
