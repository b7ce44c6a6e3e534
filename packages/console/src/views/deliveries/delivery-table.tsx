import type { WebhookDelivery } from '@understudy/client';
import { itemAddress } from '../../api/item-address.ts';
import { Instant } from '../../components/instant.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { Table } from '../../components/table.tsx';
import type { Column } from '../../components/table.tsx';
import { jobPath } from '../../job-story/job-path.ts';
import { maySubmit } from '../../session/scopes.ts';
import type { Who } from '../../session/session-store.ts';
import { NextTry } from './next-try.tsx';
import { ReplayButton } from './replay-button.tsx';

interface DeliveryTableProps {
  deliveries: readonly WebhookDelivery[];
  who: Who;
  /** They are of several projects. */
  withProject: boolean;
  onReplayed(): void;
}

export function DeliveryTable({ deliveries, who, withProject, onReplayed }: DeliveryTableProps) {
  // An address names the project where the session sees several.
  const linked = (project: string): string | undefined =>
    who.acting === undefined ? undefined : project;
  const columns: Column<WebhookDelivery>[] = [
    {
      title: 'Event',
      cell: ({ id, event, project }) => (
        <a href={itemAddress(`/console/deliveries/${id}`, linked(project))}>{event.type}</a>
      ),
    },
    { title: 'State', cell: ({ state }) => <StatusPill status={state} /> },
    ...(withProject
      ? [{ title: 'Project', cell: ({ project }: WebhookDelivery) => project, isWideOnly: true }]
      : []),
    {
      title: 'To',
      isWideOnly: true,
      cell: ({ url }) => <span class="mono delivery-url">{url}</span>,
    },
    {
      title: 'Job',
      isWideOnly: true,
      cell: ({ job, project }) =>
        job === undefined ? (
          <span class="muted">test</span>
        ) : (
          <a class="mono" href={jobPath(job, linked(project))}>
            …{job.slice(-8)}
          </a>
        ),
    },
    { title: 'Tries', isNumber: true, isWideOnly: true, cell: ({ try_count: count }) => count },
    {
      title: 'Last status',
      isNumber: true,
      isWideOnly: true,
      cell: ({ last_status_code: code }) => code ?? '–',
    },
    { title: 'Made', cell: ({ created_at: at }) => <Instant at={at} /> },
    {
      title: 'Next try',
      isWideOnly: true,
      cell: ({ next_try_at: at }) => <NextTry at={at} />,
    },
    ...(maySubmit(who)
      ? [
          {
            title: 'Again',
            cell: (delivery: WebhookDelivery) => (
              <ReplayButton
                delivery={delivery}
                project={delivery.project}
                onReplayed={onReplayed}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <Table
      caption="Deliveries, newest first"
      columns={columns}
      rows={deliveries}
      keyOf={({ id }) => id}
      isStacked
    />
  );
}
