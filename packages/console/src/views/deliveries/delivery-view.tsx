import type { WebhookDeliveryDetail } from '@understudy/client';
import { useRoute } from 'preact-iso/router';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Duration } from '../../components/duration.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Fact } from '../../components/fact.tsx';
import { Instant } from '../../components/instant.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Page } from '../../components/page.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { jobPath } from '../../job-story/job-path.ts';
import { maySubmit } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { useViewedProject } from '../../session/use-viewed-project.ts';
import { reasonText } from './delivery-answers.ts';
import { deliveryAddress } from './delivery-filter.ts';
import { NextTry } from './next-try.tsx';
import { ReplayButton } from './replay-button.tsx';
import './deliveries.css';

const EVERY_MS = 2000;

/** One delivery with every try: what came back, how long it took. */
export function DeliveryView() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const { project, linked } = useViewedProject();
  const api = useApi(project);
  const who = useWho();
  const { data, error, reload } = useAnswer(
    id,
    (signal) => ask(api.GET('/v1/webhooks/deliveries/{id}', { params: { path: { id } }, signal })),
    EVERY_MS,
  );
  return (
    <Page
      title="Delivery"
      about={
        <>
          <code>{id}</code>
          {data !== undefined && <StatusPill status={data.state} />}
        </>
      }
      actions={
        data !== undefined &&
        maySubmit(who) && <ReplayButton delivery={data} project={project} onReplayed={reload} />
      }
    >
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data !== undefined && (
        <>
          {data.reason !== undefined && <p class="note bad">Given up: {reasonText(data.reason)}</p>}
          <Facts delivery={data} project={linked} />
          <Tries tries={data.tries} />
        </>
      )}
    </Page>
  );
}

interface FactsProps {
  delivery: WebhookDeliveryDetail;
  project: string | undefined;
}

function Facts({ delivery, project }: FactsProps) {
  return (
    <section class="card">
      <h2>Facts</h2>
      <dl class="facts">
        <Fact name="Event">{delivery.event.type}</Fact>
        <Fact name="webhook-id" class="mono">
          {delivery.event.id}
        </Fact>
        <Fact name="To" class="mono">
          {delivery.url}
        </Fact>
        <Fact name="Endpoint" class="mono">
          <a href={deliveryAddress({ endpoint: delivery.endpoint }, project)}>
            {delivery.endpoint}
          </a>
        </Fact>
        {delivery.job !== undefined && (
          <Fact name="Job" class="mono">
            <a href={jobPath(delivery.job, project)}>{delivery.job}</a>
            {delivery.attempt !== undefined && `, attempt ${delivery.attempt}`}
          </Fact>
        )}
        <Fact name="Made">
          <Instant at={delivery.created_at} />
        </Fact>
        {delivery.next_try_at !== undefined && (
          <Fact name="Next try">
            <NextTry at={delivery.next_try_at} />
          </Fact>
        )}
        {delivery.settled_at !== undefined && (
          <Fact name="Settled">
            <Instant at={delivery.settled_at} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Tries({ tries }: Pick<WebhookDeliveryDetail, 'tries'>) {
  return (
    <section class="tries">
      <h2>Tries</h2>
      {tries.length === 0 && <p class="muted">It was not tried yet.</p>}
      <ol>
        {tries.toReversed().map((one) => (
          <li key={one.number} class="card try">
            <div class="try-head">
              <strong>Try {one.number}</strong>
              <StatusPill status={one.outcome} />
              {one.status_code !== undefined && <span class="number">HTTP {one.status_code}</span>}
              <Duration ms={one.duration_ms} />
              <span class="muted">
                <Instant at={one.started_at} />
              </span>
            </div>
            {one.error !== undefined && <p>{one.error}</p>}
            {one.answer !== undefined && one.answer !== '' && (
              <details>
                <summary>What came back</summary>
                <JsonView value={one.answer} label={`Answer to try ${one.number}`} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
