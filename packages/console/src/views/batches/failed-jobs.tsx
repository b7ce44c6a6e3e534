import { ask } from '../../api/connection.ts';
import type { JobSummary } from '../../api/contract.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Pager } from '../../components/pager.tsx';
import { Table } from '../../components/table.tsx';
import { usePages } from '../../components/use-pages.ts';
import { jobPath } from '../../job-story/job-path.ts';
import { useApi } from '../../session/use-api.ts';
import { ErrorWords } from './error-words.tsx';
import type { FailingLinesProps } from './failing-lines.tsx';

/** The failed jobs of a batch's lines, as far as they are kept. */
export function FailedJobs({ batch, project }: FailingLinesProps) {
  const api = useApi(project);
  const pages = usePages(batch.id);
  const { data, error, reload } = useAnswer(
    // Asked again when another line failed.
    `${batch.id} ${pages.after} ${batch.request_counts.failed}`,
    (signal) => {
      const query = {
        batch: batch.id,
        status: 'failed' as const,
        limit: 20,
        ...(pages.after === undefined ? {} : { after: pages.after }),
      };
      return ask(api.GET('/v1/jobs', { params: { query }, signal }));
    },
  );
  const next = data?.has_more === true ? (data.next_after ?? data.last_id) : undefined;
  return (
    <>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data?.data.length === 0 && (
        <p class="muted">
          No failed job of a line is kept: it was refused before it became one, was cancelled, or
          its time is over. The result file has all lines.
        </p>
      )}
      {data !== undefined && data.data.length > 0 && (
        <Table<JobSummary>
          caption="Lines that failed"
          rows={data.data}
          keyOf={({ id }) => id}
          columns={[
            { title: 'custom_id', cell: ({ batch: line }) => <code>{line?.custom_id}</code> },
            {
              title: 'Error',
              cell: ({ error: why }) => (
                <ErrorWords code={why?.code ?? 'unknown'} message={why?.message ?? ''} />
              ),
            },
            { title: 'Provider', isWideOnly: true, cell: ({ error: why }) => why?.provider ?? '–' },
            {
              title: 'Job',
              cell: ({ id }) => (
                <a class="mono" href={jobPath(id, project)}>
                  …{id.slice(-8)}
                </a>
              ),
            },
          ]}
        />
      )}
      <Pager
        {...pages}
        hasMore={next !== undefined}
        onNext={() => next !== undefined && pages.next(next)}
      />
    </>
  );
}
