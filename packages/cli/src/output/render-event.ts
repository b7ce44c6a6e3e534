import type { HeardEvent } from '@understudy/client';
import { colourStatus } from './colours.ts';
import type { Style } from './output.ts';
import { safeLine } from './safe-text.ts';

type JobData = Extract<HeardEvent['data']['data'], { object: 'job' }>;

/** One event on one line. */
export function renderEvent({ type, data: event }: HeardEvent, { colours }: Style): string {
  const time = colours.dim(timeText(event.created_at));
  const { data } = event;
  // Of `stream.gap`, which tells of no job and no batch.
  if (data === undefined) return `${time}  ${colours.warn(type)}\n`;
  const status = colourStatus(type.slice(type.indexOf('.') + 1), colours);
  const details = data.object === 'job' ? jobDetails(data) : [];
  return `${time}  ${safeParts([data.id, status, ...details])}\n`;
}

function jobDetails({ model, error, attempt }: JobData): string[] {
  return [
    model ?? '',
    attempt === undefined
      ? ''
      : `${attempt.target} ${attempt.status_code ?? attempt.outcome} ${attempt.rule ?? ''}`,
    error === undefined ? '' : `${error.code} ${error.provider ?? ''}`,
  ];
}

function safeParts(parts: readonly string[]): string {
  return parts
    .map((part, index) => (index === 1 ? part : safeLine(part, 120)))
    .filter((part) => part !== '')
    .join('  ');
}

function timeText(instant: string | undefined): string {
  return instant === undefined ? '' : instant.slice(11, 19);
}
