import type { Batch } from '@understudy/client';
import { Fact } from '../../components/fact.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { filterPath } from '../jobs/job-filter.ts';
import { instantOf, isOver } from './batch-answers.ts';

/** When it went through its states, and what it was made with. */
export function BatchFacts({ batch }: { batch: Batch }) {
  const instants: [string, number | undefined][] = [
    ['Made', batch.created_at],
    ['Lines began', batch.in_progress_at],
    ['Cancelling', batch.cancelling_at],
    ['Files being made', batch.finalizing_at],
    ['Completed', batch.completed_at],
    ['Failed', batch.failed_at],
    ['Expired', batch.expired_at],
    ['Cancelled', batch.cancelled_at],
    // Of a batch that has ended nothing does.
    ['Expires', isOver(batch) ? undefined : batch.expires_at],
  ];
  return (
    <section class="card">
      <h2>Facts</h2>
      <dl class="facts">
        <Fact name="Endpoint">
          <code>{batch.endpoint}</code>
        </Fact>
        {batch.request_counts.total > 0 && (
          <Fact name="Lines">
            <a href={filterPath({ batch: batch.id, metadata: [] })}>the jobs of its lines</a>
          </Fact>
        )}
        {batch.max_cost !== undefined && (
          <Fact name="May cost">
            <Money usd={batch.max_cost} />
          </Fact>
        )}
        {instants.map(
          ([name, at]) =>
            at !== undefined && (
              <Fact key={name} name={name}>
                <Instant at={instantOf(at)} />
              </Fact>
            ),
        )}
        {Object.entries(batch.metadata ?? {}).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </section>
  );
}
