import type { HeardEvent, JobEvent } from '@understudy/client';
import { colourStatus, type Colours } from './colours.ts';
import type { Style } from './output.ts';
import { safeLine } from './safe-text.ts';

/** One event on one line. */
export function renderEvent({ type, data: event }: HeardEvent, { colours }: Style): string {
  const time = colours.dim(timeText(event.created_at));
  return `${time}  ${safeParts(partsOf(type, event, colours))}\n`;
}

/** What it is about, what happened, which may be coloured, and details. */
function partsOf(type: string, { data }: HeardEvent['data'], colours: Colours): string[] {
  const status = colourStatus(type.slice(type.indexOf('.') + 1), colours);
  if (data.object === 'job') return [data.id, status, ...jobDetails(data)];
  if (data.object === 'batch') return [data.id, status];
  if (data.object === 'project') return [data.project, type];
  return ['', colours.warn(type), `after ${data.after} until ${data.until}`];
}

function jobDetails({ model, error, attempt }: JobEvent['data']): string[] {
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
