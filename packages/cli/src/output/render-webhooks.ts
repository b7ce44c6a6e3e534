import type { WebhookDelivery, WebhookEndpoint } from '@understudy/client';
import { formatRelative } from './duration-text.ts';
import type { Colours } from './colours.ts';
import type { ListWords } from './list-words.ts';
import type { Style } from './output.ts';
import { safeLine } from './safe-text.ts';
import { formatTable } from './table.ts';

const LONGEST_URL = 60;

export function renderEndpoints(endpoints: readonly WebhookEndpoint[], style: Style): string {
  const { colours, now } = style;
  return formatTable(
    ['ID', 'STATUS', 'URL', 'EVENTS', 'KEYS', 'CREATED'].map(colours.dim),
    endpoints.map((endpoint) => [
      endpoint.id,
      endpoint.status === 'enabled'
        ? colours.good(endpoint.status)
        : colours.warn(endpoint.disabled_reason ?? endpoint.status),
      safeLine(endpoint.url, LONGEST_URL),
      safeLine(endpoint.events.join(' '), 80),
      String(endpoint.keys.length),
      formatRelative(endpoint.created_at, now),
    ]),
    'There is no endpoint: make one with "understudy webhooks create <url>".',
  );
}

export function renderDeliveries(
  deliveries: readonly WebhookDelivery[],
  { colours, now }: Style,
  { none, ofAllProjects }: ListWords,
): string {
  const project = ofAllProjects ? ['PROJECT'] : [];
  const headings = ['STATE', 'EVENT', 'JOB', 'TRIES', 'HTTP', 'CREATED', 'NEXT TRY', 'URL'];
  return formatTable(
    ['ID', ...project, ...headings].map(colours.dim),
    deliveries.map((delivery) => [
      delivery.id,
      ...(ofAllProjects ? [delivery.project] : []),
      stateText(delivery, colours),
      delivery.event.type,
      delivery.job ?? '',
      String(delivery.try_count),
      delivery.last_status_code === undefined ? '' : String(delivery.last_status_code),
      formatRelative(delivery.created_at, now),
      delivery.next_try_at === undefined ? '' : formatRelative(delivery.next_try_at, now),
      safeLine(delivery.url, LONGEST_URL),
    ]),
    none,
  );
}

function stateText({ state, reason }: WebhookDelivery, colours: Colours): string {
  if (state === 'delivered') return colours.good(state);
  if (state === 'dead') return colours.bad(reason === undefined ? state : `${state}: ${reason}`);
  return state;
}
