import type { JobRequest } from '@understudy/contracts';
import { loadScript, replyList } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import type { JobKeys } from './job-keys.ts';
import type { JobStore, NewLine } from './job-store.ts';
import type { RecordSeal } from './record-seal.ts';
import { lineRow, linesHead } from './told-lines.ts';

const submitLinesScript = loadScript(new URL('./scripts/submit-lines.lua', import.meta.url));

export interface LineCreation {
  redis: Redis;
  sealer: Sealer;
  keysOf(job: JobRequest): JobKeys;
  sealOf(job: JobRequest, keys: JobKeys): RecordSeal;
  /** The form of the record that is written; undefined for the first. */
  written: number | undefined;
  /** Resolves when replicas have what was written of a record, as `createJobStore` is told. */
  replicated(record: string): Promise<void>;
}

/** A line on its way, and which other lines go with it. */
interface KeyedLine extends NewLine {
  keys: JobKeys;
  head: string;
}

/** As JobStore promises it. */
export function lineCreation(parts: LineCreation): JobStore['createLines'] {
  return async (lines) => {
    const keyed = lines.map((line): KeyedLine => {
      const { request, progress } = line;
      const { provider } = line.progress.place.planned;
      const head = linesHead(request, progress.route, { provider });
      return { ...line, keys: parts.keysOf(request), head };
    });
    const groups = Map.groupBy(
      keyed,
      ({ keys, request, head }) => `${keys.shard} ${request.project} ${request.key ?? ''} ${head}`,
    );
    const created = new Map<NewLine, boolean>();
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const flags = await createGroup(parts, group);
        for (const [index, line] of group.entries()) created.set(line, flags[index] ?? false);
      }),
    );
    return keyed.map((line) => created.get(line) ?? false);
  };
}

async function createGroup(
  { redis, sealer, sealOf, written, replicated }: LineCreation,
  lines: readonly KeyedLine[],
): Promise<boolean[]> {
  const [first] = lines;
  if (first === undefined) return [];
  const { request, keys, head } = first;
  const reply = await submitLinesScript.run(
    redis,
    [keys.due, keys.outbox, ...lines.flatMap(({ keys: own }) => [own.record, own.request])],
    [
      request.project,
      request.key ?? '',
      written ?? '',
      head,
      ...lines.flatMap((line) => {
        const seal = sealOf(line.request, line.keys);
        return [
          seal.requestText(line.request),
          seal.progressText(line.progress),
          sealer.seal(line.body, line.keys.request),
          line.request.expires_at,
          line.dueAt,
          line.keys.member,
          line.request.id,
          lineRow(line.request),
        ];
      }),
    ],
  );
  const created = replyList(reply).map((flag) => Number(flag) === 1);
  if (created.includes(true)) await replicated(keys.record);
  return created;
}
