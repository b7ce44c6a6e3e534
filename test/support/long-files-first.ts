import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * About how many seconds the longest files take. Their size says nothing of it: an outage of a minute
 * is a short file. Only the order of these numbers matters, and only roughly.
 */
export const LONG_FILES_SECONDS: Readonly<Record<string, number>> = {
  'test/security/fuzz.test.ts': 200,
  'test/faults/kill-points.test.ts': 149,
  'test/console/console-page.test.ts': 92,
  'test/console/console-jobs.test.ts': 88,
  'test/faults/upgrade.test.ts': 83,
  'test/e2e/outage.test.ts': 78,
  'test/callers/cli.test.ts': 75,
  'test/faults/soak.test.ts': 58,
  'test/callers/batches.test.ts': 58,
  'test/security/canary.test.ts': 54,
  'test/callers/sdk-calls.test.ts': 51,
  'test/callers/cli-batch.test.ts': 48,
  'test/faults/kill-storm.test.ts': 46,
  'test/e2e/sentinel.test.ts': 45,
  'test/console/console-operator.test.ts': 45,
  'test/console/console-deliveries.test.ts': 42,
  'test/e2e/webhook-crashes.test.ts': 37,
  'test/faults/rolling-restart.test.ts': 36,
  'test/conformance/dialects.test.ts': 36,
  'test/callers/sdk-batches.test.ts': 36,
  'test/faults/power-loss.test.ts': 31,
  'test/faults/webhooks.test.ts': 29,
  'test/e2e/bad-days.test.ts': 29,
  'test/e2e/event-streams.test.ts': 26,
  'test/callers/examples.test.ts': 26,
  'test/e2e/restore-page.test.ts': 25,
  'test/faults/sdk-batches.test.ts': 24,
  'test/e2e/webhook-receivers.test.ts': 24,
  'test/callers/upload-memory.test.ts': 24,
  'test/security/slow-requests.test.ts': 23,
  'test/e2e/start.test.ts': 23,
  'test/e2e/provider-controls.test.ts': 23,
  'test/conformance/refusals.test.ts': 23,
  'services/batch-runner/src/held-batches.test.ts': 23,
  'test/e2e/story-dialects.test.ts': 22,
  'test/e2e/cluster-failover.test.ts': 22,
  'test/console/console-batches.test.ts': 22,
  'test/e2e/tracing.test.ts': 21,
  'services/api/src/main.test.ts': 21,
  'test/faults/last-worker.test.ts': 20,
  'test/e2e/metrics.test.ts': 20,
};

/**
 * Starts the longest files first, so that no worker idles in the end beside one that has just begun a
 * long file; the many short units fill what is left. Without it a fresh clone, which remembers no
 * durations, goes by project and size.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = (file: TestSpecification): number =>
      LONG_FILES_SECONDS[relative(this.ctx.config.root, file.moduleId)] ?? 0;
    // By `call`, as this is no array's `sort`, which lint would have replaced.
    const sorted = await super.sort.call(this, files);
    return sorted.toSorted((one, other) => seconds(other) - seconds(one));
  }
}
