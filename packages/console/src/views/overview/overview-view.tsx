import { BarChart } from '../../components/charts/bar-chart.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { NoProvider } from '../../components/no-provider.tsx';
import { Page } from '../../components/page.tsx';
import type { Statistics } from '../../api/contract.ts';
import { ConcernList } from './concern-list.tsx';
import { findConcerns } from './find-concerns.ts';
import { FlowChart } from './flow-chart.tsx';
import { KeyFigures } from './key-figures.tsx';
import { QueueTable } from './queue-table.tsx';
import { seriesOf, statisticsTimes, sumOf } from './statistics.ts';
import { useOverview } from './use-overview.ts';
import './overview.css';

/** How the broker does: what came and went in the last hour, and what needs a person. */
export function OverviewView() {
  const { hour, providers, deadLetters, costToday, error, stream, reload } = useOverview();
  return (
    <Page title="Overview" actions={<LiveMark state={stream} />}>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {providers !== undefined && (
        <ConcernList concerns={findConcerns({ providers, deadLetters })} />
      )}
      {hour !== undefined && (
        <KeyFigures hour={hour} providers={providers ?? []} costToday={costToday} />
      )}
      <div class="overview">
        {hour !== undefined && <JobsCard hour={hour} />}
        {hour !== undefined && <FlowCard hour={hour} />}
        {providers !== undefined && providers.length > 0 && (
          <section class="card overview-queues">
            <h2>Queues</h2>
            <QueueTable providers={providers} />
          </section>
        )}
      </div>
      {providers?.length === 0 && <NoProvider />}
    </Page>
  );
}

function JobsCard({ hour }: { hour: Statistics }) {
  const times = statisticsTimes(hour);
  const values = (member: Parameters<typeof seriesOf>[2]) => seriesOf(hour, times, member);
  const summary = ['accepted', 'completed', 'failed', 'cancelled', 'expired'] as const;
  return (
    <section class="card overview-jobs">
      <h2>Jobs per minute, last hour</h2>
      {sumOf(hour, 'accepted') + sumOf(hour, 'completed') + sumOf(hour, 'failed') === 0 && (
        <p class="muted">
          No job in the last hour. <a href="/console/playground">Send one from the playground</a>.
        </p>
      )}
      <BarChart
        title="Jobs per minute in the last hour"
        summary={summary.map((member) => `${sumOf(hour, member)} ${member}`).join(', ')}
        times={times}
        series={[
          { label: 'completed', tone: 'good', values: values('completed') },
          { label: 'failed', tone: 'bad', values: values('failed') },
          { label: 'expired', tone: 'warn', values: values('expired') },
          { label: 'cancelled', tone: 'muted', values: values('cancelled') },
        ]}
        line={{ label: 'accepted', tone: 'a', values: values('accepted') }}
        height={220}
      />
    </section>
  );
}

function FlowCard({ hour }: { hour: Statistics }) {
  return (
    <section class="card overview-flows">
      <h2>Fall-through, last hour</h2>
      {hour.flows.length === 0 ? (
        <p class="muted">
          No job had to go on to another provider. When one does, it is seen here: from whom, to
          whom, and how often.
        </p>
      ) : (
        <FlowChart flows={hour.flows} />
      )}
    </section>
  );
}
