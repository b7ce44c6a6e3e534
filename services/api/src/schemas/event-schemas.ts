import { DEFAULT_EVENTS, eventTypeSchema } from '@understudy/contracts';
import { batchEventSchema, publicEventSchema } from '@understudy/job-store';
import { z } from 'zod';
import { LISTS_CHANGED } from '../events/project-events.ts';
import { answers } from './answers.ts';

/** Room for all of them. */
const LONGEST_TYPES = 500;

/** What streams tell beside what webhooks do. */
const streamTypeSchema = z.union([eventTypeSchema, z.literal(LISTS_CHANGED)]);

const afterSchema = z.string().max(40).optional();

export const jobEventsQuerySchema = z.strictObject({
  /** The `id:` of the last event heard, where Last-Event-ID cannot be sent. */
  after: afterSchema,
});

export const eventsQuerySchema = z.strictObject({
  /** The `id:` of the last event heard; `0` for the oldest that is kept. */
  after: afterSchema,
  /**
   * Event types, separated by commas; the ends of jobs unless told. `jobs.changed` says that lists
   * of jobs show something new.
   */
  types: z
    .string()
    .max(LONGEST_TYPES)
    .default(DEFAULT_EVENTS.join(','))
    .transform((text) => text.split(',').map((type) => type.trim()))
    .pipe(z.array(streamTypeSchema).min(1)),
});

/** Lists of jobs show something new: ask for them again. Has no id to resume from. */
const listsEventSchema = z.object({
  object: z.literal('event'),
  type: z.literal(LISTS_CHANGED),
  data: z.object({ object: z.literal('project'), project: z.string() }),
});

/** A stream for the OpenAPI document: what stands in the `data:` of each event. */
export function streamAnswers(...problems: number[]): Record<string, unknown> {
  return {
    ...answers({}, 400, 429, ...problems),
    200: {
      description: 'Server-sent events; the data of each is a JSON document as described here',
      content: {
        'text/event-stream': {
          schema: z.union([publicEventSchema, batchEventSchema, listsEventSchema]),
        },
      },
    },
  };
}
