import type { paths } from './openapi.ts';
import type { Job, WebhookEventType } from './types.ts';

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

interface WebhookHead<Type extends WebhookEventType> {
  id: string;
  object: 'event';
  type: Type;
}

type JobEventType = Extract<WebhookEventType, `job.${string}`>;
type BatchEventType = Extract<WebhookEventType, `batch.${string}`>;
type ResponseEventType = Extract<WebhookEventType, `response.${string}`>;

/** What a webhook tells of a job. */
export interface JobWebhookEvent extends WebhookHead<JobEventType> {
  timestamp: string;
  created_at?: undefined;
  data: JobEvent['data'] & {
    /** Where it was asked for, and is not too large. */
    result?: NonNullable<Job['result']>;
    /** It was asked for, and is above `webhooks.maxEventBytes`. */
    result_omitted?: 'too_large';
    /** Sent to try the endpoint: there is no such job. */
    test?: true;
  };
}

/** What a webhook tells of a batch: OpenAI's shape, and the data that streams tell too. */
export interface BatchWebhookEvent extends WebhookHead<BatchEventType> {
  /** Seconds since the epoch. */
  created_at: number;
  timestamp: string;
  data: BatchEvent['data'] & { test?: undefined };
}

/** What a webhook tells of a Response of OpenAI's surface, in OpenAI's shape. */
export interface ResponseWebhookEvent extends WebhookHead<ResponseEventType> {
  /** Seconds since the epoch. */
  created_at: number;
  timestamp?: undefined;
  data: {
    object?: undefined;
    /** `resp_…` */
    id: string;
    /** Sent to try the endpoint: there is no such Response. */
    test?: true;
  };
}

/** Sent to try an endpoint with the event of a batch, which does not exist. */
export interface BatchTestEvent extends WebhookHead<BatchEventType> {
  /** Seconds since the epoch. */
  created_at: number;
  timestamp?: undefined;
  data: { object?: undefined; id: string; test: true };
}

/** What a webhook tells. Which members there are its `type` says. */
export type WebhookEvent =
  | JobWebhookEvent
  | BatchWebhookEvent
  | ResponseWebhookEvent
  | BatchTestEvent;
