import { z } from 'zod';

/** All that BullMQ carries; everything else is on the record. */
export const queueEntrySchema = z.object({
  v: z.int(),
  project: z.string(),
  id: z.string(),
  turn: z.int(),
  /**
   * Token of the start that moved the job here, 0 where none has, if the entry was added beside the
   * record and not after it: the turn counts only if it was that start's move that the record took.
   */
  by: z.int().optional(),
  /** Id of the batch of which the job is a line, so that a worker need not read the record for it. */
  line_of: z.string().optional(),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

/** Deterministic, so that adding the same turn twice is adding it once. */
export function queueEntryId(entry: Pick<QueueEntry, 'project' | 'id' | 'turn'>): string {
  return `${entry.project}.${entry.id}.${entry.turn}`;
}

/** Reads an id back; ids of jobs hold no dot. */
export function parseQueueEntryId(text: string): Pick<QueueEntry, 'project' | 'id' | 'turn'> {
  const parts = text.split('.');
  const turn = Number(parts.pop());
  const id = parts.pop() ?? '';
  return { project: parts.join('.'), id, turn };
}
