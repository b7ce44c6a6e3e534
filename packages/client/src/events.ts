import type { paths } from './openapi.ts';
import type { WebhookEventType } from './types.ts';

type Stream = paths['/v1/events']['get']['responses'][200]['content'];
type StreamedJson = Stream['text/event-stream'];

/** Something that happened to a job, as streams tell it. */
export type JobEvent = Extract<StreamedJson, { data: { object: 'job' } }>;
/** The end of a batch, as streams tell it. */
export type BatchEvent = Extract<StreamedJson, { data: { object: 'batch' } }>;

/** What is made for whoever listens just now has neither id nor time. */
interface Unkept {
  id?: undefined;
  created_at?: undefined;
}

/** `jobs.changed`: the lists of jobs show something new, so ask for them again. */
export type ListsEvent = Extract<StreamedJson, { data: { object: 'project' } }> &
  Unkept & { data: { id?: undefined } };

/** `stream.gap`: what was told between two places is no longer kept, so look at the jobs. */
export interface GapEvent extends Unkept {
  object: 'event';
  type: 'stream.gap';
  data: { object?: undefined; id?: undefined; after: string; until: string };
}

/** The data of a stream's event. What it tells of stands in `data.object`, which a gap lacks. */
export type PublicEvent = JobEvent | BatchEvent | ListsEvent | GapEvent;

/** What a project's stream can be asked for: what comes in OpenAI's shape only webhooks tell. */
export type StreamEventType = Exclude<WebhookEventType, `response.${string}`> | 'jobs.changed';
