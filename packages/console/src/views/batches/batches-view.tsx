import { useLocation } from 'preact-iso/router';
import { itemAddress } from '../../api/item-address.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useLiveReload } from '../../api/use-live-reload.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Instant } from '../../components/instant.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { Money } from '../../components/money.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { Table } from '../../components/table.tsx';
import type { Column } from '../../components/table.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { usePages } from '../../components/use-pages.ts';
import { ProjectNote } from '../../session/project-note.tsx';
import { seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { useViewedProject } from '../../session/use-viewed-project.ts';
import { SURFACES, costOf, instantOf, readBatches } from './batch-answers.ts';
import type { ListedBatch, Surface } from './batch-answers.ts';
import { ProgressCell } from './progress-bar.tsx';
import './batches.css';

const EVERY_MS = 5000;
const TYPES = ['batch.completed', 'batch.failed', 'batch.expired', 'batch.cancelled'] as const;
const NAMES: Readonly<Record<Surface, string>> = { openai: 'OpenAI', anthropic: 'Anthropic' };
const COMMANDS: Readonly<Record<Surface, string>> = {
  openai: 'understudy batch run prompts.jsonl -m sandbox-chat -o answers.jsonl',
  anthropic: `curl -s ${location.origin}/anthropic/v1/messages/batches \\
  -H "x-api-key: $UNDERSTUDY_API_KEY" -H 'content-type: application/json' \\
  -d '{"requests": [{"custom_id": "1", "params": {"model": "sandbox-chat", "max_tokens": 100,
       "messages": [{"role": "user", "content": "Hello"}]}}]}'`,
};

export function BatchesView() {
  const who = useWho();
  const { query } = useLocation();
  const { project, linked } = useViewedProject();
  // Anthropic's list is that of one project alone.
  const surface = SURFACES.find((known) => known === query['through']) ?? 'openai';
  const asked = surface === 'openai' ? query['project'] : project;
  const api = useApi(asked);
  const pages = usePages(`${asked} ${surface}`);
  const listed = useAnswer(
    `${asked} ${surface} ${pages.after}`,
    (signal) => readBatches({ api, who, project: asked }, surface, pages.after, signal),
    EVERY_MS,
  );
  const stream = useLiveReload(listed.refresh, { types: TYPES, project: asked });
  const { batches, next } = listed.data ?? {};
  return (
    <Page
      title="Batches"
      about="Many requests as one file, each routed and retried on its own."
      actions={<LiveMark state={stream} />}
    >
      {surface === 'anthropic' && <ProjectNote what="batches" />}
      <Tabs
        label="Made through the calls of"
        tabs={SURFACES.map((each) => ({ title: NAMES[each], href: surfaceAddress(each) }))}
        chosen={surfaceAddress(surface)}
      />
      {listed.error !== undefined && <ErrorNote error={listed.error} onRetry={listed.reload} />}
      {batches?.length === 0 ? (
        <EmptyState
          title={`No batch came through ${NAMES[surface]}'s calls yet`}
          command={COMMANDS[surface]}
        >
          <p>Its progress, pace and failing lines will be seen here.</p>
        </EmptyState>
      ) : (
        batches !== undefined && (
          <Table
            caption="Batches, newest first"
            columns={columns(linked, seesAllProjects(who) && asked === undefined)}
            rows={batches}
            keyOf={({ id }) => id}
            isBusy={listed.isLoading && listed.data === undefined}
          />
        )
      )}
      <Pager
        {...pages}
        hasMore={next !== undefined}
        onNext={() => next !== undefined && pages.next(next)}
      />
    </Page>
  );
}

function surfaceAddress(surface: Surface): string {
  return surface === 'openai' ? '/console/batches' : `/console/batches?through=${surface}`;
}

/** @param viewed the project of batches that do not say it themselves */
function columns(viewed: string | undefined, withProject: boolean): Column<ListedBatch>[] {
  return [
    {
      title: 'Batch',
      cell: ({ id, project }) => (
        <a class="mono" href={itemAddress(`/console/batches/${id}`, project ?? viewed)}>
          {id}
        </a>
      ),
    },
    ...(withProject
      ? [{ title: 'Project', cell: ({ project }: ListedBatch) => project ?? '–', isWideOnly: true }]
      : []),
    { title: 'Status', cell: ({ status }) => <StatusPill status={status} /> },
    { title: 'Progress', cell: (batch) => <ProgressCell batch={batch} /> },
    {
      title: 'Failed',
      isNumber: true,
      cell: ({ request_counts: { failed } }) => failed.toLocaleString(),
    },
    { title: 'Endpoint', isWideOnly: true, cell: ({ endpoint }) => <code>{endpoint}</code> },
    {
      title: 'Cost',
      isNumber: true,
      isWideOnly: true,
      cell: (batch) => <Money usd={costOf(batch)} />,
    },
    { title: 'Made', cell: ({ created_at: at }) => <Instant at={instantOf(at)} /> },
  ];
}
