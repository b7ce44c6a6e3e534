import { endingEvents, numbered } from '@understudy/answer-stream';
import type { ResponseEvent } from '@understudy/answer-stream';
import { BrokerError, isObject, isTerminal, parseExactJson } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import type { ApiParts } from '../api-parts.ts';
import type { Followed, Glance } from '../events/event-frames.ts';
import type { ServerSentEvent } from '../events/server-sent-event.ts';
import { responseAt, renderResponse } from './render-response.ts';
import { readResponse } from './stored-response.ts';
import type { StoredResponse } from './stored-response.ts';

/** So much is handed out at a time, that a large answer does not stand in memory once more. */
const GLANCE_CHARACTERS = 65_536;

/**
 * Follows a Response to its end, as the events of OpenAI's stream. What has been told has the same
 * numbers each time it is told, so that a reader can go on after the last that it has seen.
 * @param after the number of that one; undefined to begin with the first
 * @param onEnd called with the record once its end is about to be told
 */
export function followResponse(
  job: JobReference,
  after: number | undefined,
  { changes, dispatch }: Pick<ApiParts, 'changes' | 'dispatch'>,
  wake: () => void,
  onEnd: (record: JobRecord) => void = () => undefined,
): Followed {
  const unwatch = changes.watch(job.id, (event) => {
    if (event === undefined || event.project === job.project) wake();
  });
  const events = new UntoldEvents(after ?? -1);
  return {
    look: async () => {
      if (!events.hasEnd()) {
        try {
          const response = await readResponse(dispatch.store, job);
          events.learn(response);
          if (events.hasEnd()) onEnd(response.stored.record);
        } catch (error) {
          // Erased while somebody listened, perhaps: the head of the answer is out already.
          if (!(error instanceof BrokerError)) throw error;
          events.breakOff(error);
        }
      }
      return events.take();
    },
    stop: unwatch,
  };
}

/** The events that a reader has not been told. */
class UntoldEvents {
  #heard: number;
  /** Number of the next event of the Response's beginning. */
  #next = 0;
  #ready: ResponseEvent[] = [];
  #end: Iterator<ResponseEvent> | undefined;

  constructor(heard: number) {
    this.#heard = heard;
  }

  /** Whether all is known that there will be to tell. */
  hasEnd(): boolean {
    return this.#end !== undefined;
  }

  learn(response: StoredResponse): void {
    const beginning = [...numbered(beginningEvents(response))].slice(this.#next);
    this.#ready.push(...beginning);
    this.#next += beginning.length;
    if (!isTerminal(response.stored.record.status)) return;
    const ended = parseExactJson(renderResponse(response).toString('utf8'));
    this.#end = endingEvents(isObject(ended) ? ended : {}, this.#next);
  }

  breakOff({ code, message }: BrokerError): void {
    const error = { code, message, param: null };
    this.#end = numbered(
      [{ type: 'error', ...error, error: { type: 'invalid_request_error', ...error } }],
      this.#next,
    );
  }

  take(): Glance {
    const events: ServerSentEvent[] = [];
    for (let taken = 0; taken < GLANCE_CHARACTERS;) {
      const event = this.#ready.shift() ?? this.#end?.next().value;
      if (event === undefined) return { events, ended: this.#end !== undefined };
      if (event.sequence_number <= this.#heard) continue;
      const { sequence_number: number, type } = event;
      const data = JSON.stringify(event);
      events.push({ id: String(number), type, data });
      taken += data.length;
    }
    return { events, more: true };
  }
}

/** A Response that was cancelled or expired before a call was made never was in progress. */
function* beginningEvents(response: StoredResponse) {
  const queued = responseAt(response, 'queued');
  yield { type: 'response.created', response: queued };
  yield { type: 'response.queued', response: queued };
  const { startedAt } = response.stored.record;
  if (startedAt === undefined) return;
  yield { type: 'response.in_progress', response: responseAt(response, 'in_progress') };
}
