import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { Job } from '../../api/contract.ts';
import { itemAddress } from '../../api/item-address.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Instant } from '../../components/instant.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { Table } from '../../components/table.tsx';
import { useApi } from '../../session/use-api.ts';

const REFRESH_MS = 5000;

/** Who was told of the job, and whether they heard it. */
export function JobCallbacks({ job }: { job: Job }) {
  const api = useApi(job.project);
  const isEnded = job.completed_at !== undefined;
  const { data, error } = useAnswer(
    `deliveries of ${job.id} ${isEnded}`,
    (signal) =>
      ask(api.GET('/v1/webhooks/deliveries', { params: { query: { job: job.id } }, signal })),
    REFRESH_MS,
  );
  const deliveries = data?.data ?? [];
  if (error !== undefined) return <ErrorNote error={error} />;
  if (deliveries.length === 0 && job.callback === undefined) return null;
  return (
    <section class="card" aria-label="Callbacks">
      <h2>Callbacks</h2>
      {deliveries.length === 0 ? (
        <p class="muted">
          {job.callback?.url} hears of it {isEnded ? 'in a moment' : 'when the job ends'}.
        </p>
      ) : (
        <Table
          caption="Deliveries of this job's events"
          rows={deliveries}
          keyOf={({ id }) => id}
          isStacked
          columns={[
            { title: 'Event', cell: ({ event }) => event.type },
            { title: 'State', cell: ({ state }) => <StatusPill status={state} /> },
            { title: 'To', isWholeLine: true, cell: ({ url }) => <span class="mono">{url}</span> },
            {
              title: 'Tries',
              isNumber: true,
              isWideOnly: true,
              cell: ({ try_count: tries }) => tries,
            },
            {
              title: 'Last answer',
              isNumber: true,
              isWideOnly: true,
              cell: (one) => one.last_status_code ?? '–',
            },
            { title: 'Made', cell: ({ created_at: at }) => <Instant at={at} /> },
            {
              title: 'Detail',
              cell: ({ id }) => (
                <a href={itemAddress(`/console/deliveries/${id}`, job.project)}>Tries</a>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
