import { filePartSchema } from '@understudy/contracts';
import type { FilePart } from '@understudy/contracts';
import { fileKeys, fileRecordText } from '@understudy/file-store';
import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { batchKeys, runsKey } from './batch-keys.ts';
import type { BatchLease, BatchRuns, WrittenPart } from './batch-run.ts';
import type { LeaseStep } from './lease-step.ts';
import { decodeRun, encodeRun } from './run-encoding.ts';

const commitPartScript = loadScript(new URL('./scripts/commit-part.lua', import.meta.url));
const skipLinesScript = loadScript(new URL('./scripts/skip-lines.lua', import.meta.url));
const completeOutputScript = loadScript(new URL('./scripts/complete-output.lua', import.meta.url));

type BatchOutput = Pick<BatchRuns, 'commitPart' | 'skipLines' | 'runs' | 'completeOutput'>;

/** What the result files of a batch are made of, each change together with what it means for the lines. */
export function createBatchOutput(
  redis: Redis,
  keyPrefix: string,
  step: LeaseStep,
  sealer: Sealer,
): BatchOutput {
  const outputKeys = ({ batch }: BatchLease, file: string) => {
    const { record, parts, expiring, used } = fileKeys(keyPrefix, batch.project, file);
    return { runs: runsKey(keyPrefix, batch, file), record, parts, expiring, used };
  };

  return {
    commitPart: (lease, part, withoutJob) => {
      const { ended, rejected, moving } = batchKeys(keyPrefix, lease.batch);
      const { runs, record, parts, used } = outputKeys(lease, part.file);
      const lines = part.entries.map(({ line }) => line);
      const jobs = lines.filter((line) => !withoutJob.has(line));
      const others = lines.filter((line) => withoutJob.has(line));
      return step(
        lease,
        commitPartScript,
        [ended, rejected, moving, runs, record, parts, used],
        [part.role, part.file, ...partArguments(part), jobs.length, ...jobs, ...others],
      );
    },

    skipLines: (lease, { from, to, outcome, lines }, part) => {
      const { runs, record, parts, used } = outputKeys(lease, part?.file ?? '');
      return step(
        lease,
        skipLinesScript,
        [runs, record, parts, used],
        [
          from.byte,
          to.line,
          to.byte,
          outcome,
          lines,
          part?.role ?? '',
          part?.file ?? '',
          ...(part === undefined ? [''] : partArguments(part)),
        ],
      );
    },

    runs: async (batch, file) => {
      const runs = await redis.lrangeBuffer(runsKey(keyPrefix, batch, file), 0, -1);
      return runs.map(decodeRun);
    },

    completeOutput: (lease, { file, record: completed, expiresAt, parts: merged }) => {
      const { runs, record, parts, expiring, used } = outputKeys(lease, file);
      const bytes = merged.reduce((sum, part) => sum + part.bytes, 0);
      const text = fileRecordText(completed, sealer, record);
      return step(
        lease,
        completeOutputScript,
        [runs, record, parts, expiring, used],
        [file, text, expiresAt, bytes, ...merged.map((part) => JSON.stringify(part))],
      );
    },
  };
}

function partArguments({ key, bytes, entries }: WrittenPart): (string | number | Buffer)[] {
  const part: FilePart = filePartSchema.parse({ key, bytes });
  return [JSON.stringify(part), bytes, encodeRun(key, entries)];
}
