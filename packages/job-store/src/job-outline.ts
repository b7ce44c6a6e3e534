import { jobProgressSchema, jobRequestSchema } from '@understudy/contracts';
import type { JobRecord, JobRequest, Place } from '@understudy/contracts';

/** Of a request, what lists, events, counts and deliveries are made from. */
export const outlinedRequestSchema = jobRequestSchema.pick({
  endpoint: true,
  dialect: true,
  model: true,
  metadata: true,
  traceparent: true,
  callback: true,
  surface: true,
  batch: true,
  background: true,
  created_at: true,
});

/** Of how far a job has come, the same. */
export const outlinedProgressSchema = jobProgressSchema.pick({ route: true, place: true });

type OutlinedRequest = Omit<
  Pick<JobRequest, keyof (typeof outlinedRequestSchema)['shape']>,
  'traceparent' | 'batch'
> & {
  /** Nobody is told of a batch's line by itself, so its outline may do without. */
  traceparent?: string | undefined;
  batch?: Pick<NonNullable<JobRequest['batch']>, 'id' | 'line'> | undefined;
};

type PlaceOf<Kind extends Place['kind']> = Extract<Place, { kind: Kind }>;

/** Of where a job stands, what others are told. */
type OutlinedPlace =
  | { kind: 'queue'; planned: Pick<PlaceOf<'queue'>['planned'], 'provider'> }
  | Pick<PlaceOf<'waiting'>, 'kind' | 'until' | 'rooms'>;

/**
 * As much of a job's record as others are told of. It is read for every change of every job, and a
 * whole record costs several times as much to read.
 */
export interface JobOutline extends Pick<JobRecord, 'status' | 'completedAt' | 'end'> {
  request: Pick<JobRequest, 'id' | 'project'> & OutlinedRequest;
  progress: { route: string; place: OutlinedPlace };
}
