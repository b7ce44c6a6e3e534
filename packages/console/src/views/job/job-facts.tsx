import type { Job } from '../../api/contract.ts';
import { itemAddress } from '../../api/item-address.ts';
import { Duration } from '../../components/duration.tsx';
import { Fact } from '../../components/fact.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useNow } from '../../components/use-now.ts';
import { jobPath } from '../../job-story/job-path.ts';
import { filterPath } from '../jobs/job-filter.ts';

export function JobFacts({ job }: { job: Job }) {
  const { usage, cost } = job;
  return (
    <section class="card" aria-label="Facts">
      <dl class="facts">
        {job.project !== undefined && <Fact name="Project">{job.project}</Fact>}
        <Fact name="Route">
          <a href={filterPath({ route: job.route, metadata: [] })}>{job.route}</a>
        </Fact>
        <Fact name="Endpoint">
          <span class="mono">{job.endpoint}</span>
        </Fact>
        <Fact name="Priority">{job.priority}</Fact>
        <Fact name="Submitted">
          <Instant at={job.created_at} />
        </Fact>
        <Fact name={job.completed_at === undefined ? 'Running for' : 'Took'}>
          <Took job={job} />
        </Fact>
        {job.completed_at === undefined && (
          <Fact name="Expires">
            <Instant at={job.expires_at} />
          </Fact>
        )}
        {job.current !== undefined && (
          <Fact name={job.status === 'in_progress' ? 'Called now' : 'In the queue of'}>
            <Current current={job.current} />
          </Fact>
        )}
        {job.result !== undefined && (
          <Fact name="Answered by">
            {job.result.provider}
            {job.result.refusal === true && <span class="pill warn">refusal</span>}
          </Fact>
        )}
        {usage !== undefined && (
          <Fact name="Tokens in / out">
            <span class="number">
              {usage.input_tokens?.toLocaleString('en') ?? '–'} /{' '}
              {usage.output_tokens?.toLocaleString('en') ?? '–'}
            </span>
          </Fact>
        )}
        {cost !== undefined && (
          <Fact name="Cost">
            <Cost cost={cost} />
          </Fact>
        )}
        {job.max_cost !== undefined && (
          <Fact name="May cost">
            <Money usd={job.max_cost} />
          </Fact>
        )}
        {job.batch !== undefined && (
          <Fact name="Batch">
            <a href={itemAddress(`/console/batches/${job.batch.id}`, job.project)}>
              line {job.batch.line}
            </a>
          </Fact>
        )}
        {job.retry_of !== undefined && (
          <Fact name="Does again">
            <a class="mono" href={jobPath(job.retry_of, job.project)}>
              {job.retry_of}
            </a>
          </Fact>
        )}
        {Object.entries(job.metadata ?? {}).map(([key, value]) => (
          <Fact key={key} name={key}>
            <a href={filterPath({ metadata: [`${key}:${value}`] })}>{value}</a>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Cost({ cost }: { cost: NonNullable<Job['cost']> }) {
  if (cost.status === 'unknown') {
    return (
      <span class="muted" title={cost.reason}>
        unknown
      </span>
    );
  }
  return (
    <>
      {cost.status === 'partial' && 'at least '}
      <Money usd={cost.amount} />
    </>
  );
}

function Current({ current }: { current: NonNullable<Job['current']> }) {
  const now = useNow();
  const { provider, model, since } = current;
  return (
    <>
      {provider}
      {model !== undefined && <span class="mono"> {model}</span>}{' '}
      <span class="muted">
        for <Duration ms={Math.max(0, now - Date.parse(since))} />
      </span>
    </>
  );
}

function Took({ job }: { job: Job }) {
  const now = useNow();
  const end = job.completed_at === undefined ? now : Date.parse(job.completed_at);
  return <Duration ms={Math.max(0, end - Date.parse(job.created_at))} />;
}
