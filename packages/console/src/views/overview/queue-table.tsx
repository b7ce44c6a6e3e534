import type { Provider } from '../../api/contract.ts';
import { Duration } from '../../components/duration.tsx';
import { Table } from '../../components/table.tsx';
import { HealthPill } from '../providers/health-pill.tsx';
import { oldestMs, queuedText } from '../providers/provider-health.ts';

/** What stands before each provider, and since when. */
export function QueueTable({ providers }: { providers: readonly Provider[] }) {
  return (
    <Table
      caption="Queues by provider"
      rows={providers}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Provider',
          cell: ({ id }) => <a href={`/console/providers#${id}`}>{id}</a>,
        },
        { title: 'State', cell: (provider) => <HealthPill provider={provider} /> },
        {
          title: 'Running',
          isNumber: true,
          isWideOnly: true,
          cell: ({ in_use: inUse, concurrency }) =>
            `${inUse.toLocaleString()} of ${concurrency.toLocaleString()}`,
        },
        { title: 'Queued', isNumber: true, cell: queuedText },
        {
          title: 'Waiting for a cool-down',
          isNumber: true,
          isWideOnly: true,
          cell: ({ waiting }) =>
            waiting.reduce((sum, { count }) => sum + count, 0).toLocaleString(),
        },
        {
          title: 'Oldest',
          isNumber: true,
          cell: (provider) => <Duration ms={oldestMs(provider)} />,
        },
      ]}
    />
  );
}
