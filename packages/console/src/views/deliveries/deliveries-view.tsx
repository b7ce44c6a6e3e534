import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { usePages } from '../../components/use-pages.ts';
import { maySubmit, seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { useViewedProject } from '../../session/use-viewed-project.ts';
import { readDeliveries } from './delivery-answers.ts';
import { deliveryAddress, readDeliveryFilter } from './delivery-filter.ts';
import { DeliveryFilterBar } from './delivery-filter-bar.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { DeliveryTabs } from './delivery-tabs.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import './deliveries.css';

const EVERY_MS = 4000;
const COMMAND = 'understudy webhooks create https://backend.example.com/understudy';

/** What was sent where, what came back, and sending it again. */
export function DeliveriesView() {
  const { query, route: go } = useLocation();
  const named = query['project'];
  const api = useApi(named);
  const who = useWho();
  const { project } = useViewedProject();
  const [isReplaying, setIsReplaying] = useState(false);
  const filter = readDeliveryFilter(query);
  const key = deliveryAddress(filter, named);
  const pages = usePages(key);
  const listed = useAnswer(
    `${key} ${pages.after}`,
    (signal) => readDeliveries(api, filter, pages.after, signal),
    EVERY_MS,
  );
  const { deliveries, next } = listed.data ?? {};
  return (
    <Page
      title="Deliveries"
      about="Signed events about jobs and batches, sent until the receiver takes them."
      actions={
        maySubmit(who) && (
          <button type="button" class="button" onClick={() => setIsReplaying(true)}>
            Replay …
          </button>
        )
      }
    >
      <DeliveryTabs chosen="log" project={named} />
      <DeliveryFilterBar
        filter={filter}
        onChange={(changed) => go(deliveryAddress(changed, named), true)}
      />
      {listed.error !== undefined && <ErrorNote error={listed.error} onRetry={listed.reload} />}
      {deliveries?.length === 0 && <Nothing isFiltered={Object.keys(filter).length > 0} />}
      {deliveries !== undefined && deliveries.length > 0 && (
        <DeliveryTable
          deliveries={deliveries}
          who={who}
          withProject={seesAllProjects(who) && named === undefined}
          onReplayed={listed.reload}
        />
      )}
      <Pager
        {...pages}
        hasMore={next !== undefined}
        onNext={() => next !== undefined && pages.next(next)}
      />
      {isReplaying && (
        <ReplayDialog
          endpoint={filter.endpoint}
          project={filter.endpoint === undefined ? project : (deliveries?.[0]?.project ?? project)}
          onDone={listed.reload}
          onClose={() => setIsReplaying(false)}
        />
      )}
    </Page>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState title="No delivery is like that">
        <p>
          <a href="/console/deliveries">Show all deliveries</a>
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing was delivered yet" command={COMMAND}>
      <p>
        Register an endpoint for all jobs, or give a job a <code>callback</code>: whoever is told of
        its end, and whether they took it, stands here.
      </p>
    </EmptyState>
  );
}
