import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * About how many seconds the longest files take. Their size says nothing of it: an outage of a minute
 * is a short file. Only the order of these numbers matters, and only roughly.
 */
export const LONG_FILES_SECONDS: Readonly<Record<string, number>> = {
  'test/e2e/outage.test.ts': 69,
  'test/e2e/restore-page.test.ts': 30,
  'test/e2e/sentinel.test.ts': 55,
  'test/e2e/webhook-crashes.test.ts': 26,
  'test/conformance/dialects.test.ts': 22,
  'test/e2e/metrics.test.ts': 20,
  'test/e2e/bad-days.test.ts': 19,
  'test/e2e/tracing.test.ts': 18,
  'test/e2e/event-streams.test.ts': 17,
  'test/e2e/cluster-failover.test.ts': 16,
  'test/e2e/start.test.ts': 16,
  'test/faults/kill-points.test.ts': 52,
  'test/faults/soak.test.ts': 38,
  'test/faults/upgrade.test.ts': 30,
  'test/faults/kill-storm.test.ts': 27,
  'test/faults/webhooks.test.ts': 26,
  'test/faults/sdk-batches.test.ts': 21,
  'test/faults/last-worker.test.ts': 20,
  'test/faults/frozen-worker.test.ts': 18,
  'test/security/fuzz.test.ts': 85,
  'test/security/canary.test.ts': 51,
  'test/security/slow-requests.test.ts': 22,
  'test/callers/batches.test.ts': 42,
  'test/callers/cli.test.ts': 41,
  'test/console/console-operator.test.ts': 34,
  'test/callers/sdk-calls.test.ts': 33,
  'test/console/console-deliveries.test.ts': 31,
  'test/console/console-jobs.test.ts': 28,
  'test/console/console-page.test.ts': 25,
  'test/callers/sdk-batches.test.ts': 24,
  'test/console/console-batches.test.ts': 22,
  'test/callers/cli-batch.test.ts': 22,
  'test/callers/upload-memory.test.ts': 19,
};

/**
 * Starts the longest files of each group first, so that no worker idles in the end beside one that has
 * just begun a long file. Without it a fresh clone, which remembers no durations, goes by size.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = (file: TestSpecification): number =>
      LONG_FILES_SECONDS[relative(this.ctx.config.root, file.moduleId)] ?? 0;
    // By `call`, as this is no array's `sort`, which lint would have replaced.
    const sorted = await super.sort.call(this, files);
    return sorted.toSorted(
      (one, other) =>
        one.project.config.sequence.groupOrder - other.project.config.sequence.groupOrder ||
        seconds(other) - seconds(one),
    );
  }
}
