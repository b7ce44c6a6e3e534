/** A batch as `GET /v1/batches/{id}` tells of it: the members that say how far it has come. */
export interface RunningBatch {
  status: string;
  request_counts: { total: number; completed: number; failed: number };
  in_progress_at?: number | undefined;
}

/** How many lines had ended at an instant. */
export interface Look {
  done: number;
  atMs: number;
}

export interface BatchProgress {
  done: number;
  total: number;
  /** 0 to 1; undefined until the lines have been counted. */
  share?: number;
  linesPerSecond?: number;
  /** Until the last line, at the pace of late; undefined where it stands still or is over. */
  leftMs?: number;
}

/** The pace of late is that of so long a time. */
const WINDOW_MS = 60_000;
const LEAST_SPAN_MS = 2000;

/** Adds a look and drops those that are too old to matter. */
export function noteLook(looks: readonly Look[], look: Look): Look[] {
  const last = looks.at(-1);
  const kept = looks.filter(({ atMs }) => look.atMs - atMs <= WINDOW_MS);
  return last !== undefined && look.done < last.done ? [look] : [...kept, look];
}

/**
 * How far a batch has come and when it will be through.
 * @param looks of the last minute, the oldest first; with too few of them the pace is that since
 * the batch began
 */
export function batchProgress(
  { status, request_counts: counts, in_progress_at: beganAt }: RunningBatch,
  looks: readonly Look[],
  nowMs: number,
): BatchProgress {
  const done = counts.completed + counts.failed;
  const base = { done, total: counts.total };
  if (counts.total === 0) return base;
  const share = Math.min(1, done / counts.total);
  if (status !== 'in_progress') return { ...base, share };
  const began = beganAt === undefined ? undefined : { done: 0, atMs: beganAt * 1000 };
  const pace = paceSince(looks[0], done, nowMs) ?? paceSince(began, done, nowMs);
  if (pace === undefined) return { ...base, share };
  const left = counts.total - done;
  return {
    ...base,
    share,
    linesPerSecond: pace,
    ...(pace > 0 && left > 0 ? { leftMs: (left / pace) * 1000 } : {}),
  };
}

function paceSince(look: Look | undefined, done: number, nowMs: number): number | undefined {
  if (look === undefined || nowMs - look.atMs < LEAST_SPAN_MS) return undefined;
  return ((done - look.done) / (nowMs - look.atMs)) * 1000;
}
