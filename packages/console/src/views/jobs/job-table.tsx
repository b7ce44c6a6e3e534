import { useEffect } from 'preact/hooks';
import type { JobSummary } from '../../api/contract.ts';
import { Duration } from '../../components/duration.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { Table } from '../../components/table.tsx';
import type { Column } from '../../components/table.tsx';

export interface JobTableProps {
  rows: readonly JobSummary[];
  selected: string | undefined;
  pathOf(job: JobSummary): string;
  isProjectShown: boolean;
  isBusy: boolean;
}

export function JobTable({ rows, selected, pathOf, isProjectShown, isBusy }: JobTableProps) {
  useEffect(() => {
    document.querySelector('tr.selected')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const columns: Column<JobSummary>[] = [
    {
      title: 'Job',
      cell: (job) => (
        <a class="mono job-link" href={pathOf(job)}>
          {shortId(job.id)}
        </a>
      ),
    },
    { title: 'Status', cell: (job) => <StatusPill status={job.status} /> },
    {
      title: 'Model',
      cell: ({ model, route }) => (
        <span class="model-cell">
          {model}
          {route !== model && <span class="small muted">route {route}</span>}
        </span>
      ),
    },
    ...(isProjectShown
      ? [{ title: 'Project', cell: ({ project }: JobSummary) => project ?? '' }]
      : []),
    { title: 'What happened', cell: outcome, isWholeLine: true },
    { title: 'Submitted', cell: ({ created_at: at }) => <Instant at={at} /> },
    {
      title: 'Took',
      cell: (job) => <Duration ms={tookMs(job)} />,
      isNumber: true,
      isWideOnly: true,
    },
    {
      title: 'Tokens',
      cell: ({ usage }) => tokens(usage),
      isNumber: true,
      isWideOnly: true,
    },
    {
      title: 'Cost',
      cell: ({ cost }) => <Money usd={cost?.status === 'unknown' ? undefined : cost?.amount} />,
      isNumber: true,
      isWideOnly: true,
    },
  ];
  return (
    <Table
      caption="Jobs, newest first"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      classOf={({ id }) => (id === selected ? 'selected' : undefined)}
      isBusy={isBusy}
      isStacked
    />
  );
}

/** The part by which two ids differ; the whole id is the link's own address. */
function shortId(id: string): string {
  return `…${id.slice(-8)}`;
}

function outcome({ error, waiting, metadata, batch }: JobSummary) {
  if (error !== undefined) {
    const { provider, rule, code } = error;
    return (
      <span class="small">
        <code>{rule ?? code}</code>
        {provider !== undefined && <span class="muted"> at {provider}</span>}
      </span>
    );
  }
  if (waiting !== undefined) {
    return <span class="small muted">waits: {waiting.reason.replaceAll('_', ' ')}</span>;
  }
  const tags = Object.entries(metadata ?? {}).map(([key, value]) => `${key}:${value}`);
  if (batch !== undefined) tags.unshift(`line ${batch.line} of a batch`);
  return <span class="small muted">{tags.join('  ')}</span>;
}

function tookMs({ created_at: from, completed_at: to }: JobSummary): number | undefined {
  return to === undefined ? undefined : Math.max(0, Date.parse(to) - Date.parse(from));
}

function tokens(usage: JobSummary['usage']): string {
  if (usage === undefined) return '–';
  return ((usage.input_tokens ?? 0) + (usage.output_tokens ?? 0)).toLocaleString('en');
}
