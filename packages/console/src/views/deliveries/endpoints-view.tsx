import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Page } from '../../components/page.tsx';
import { ProjectNote } from '../../session/project-note.tsx';
import { maySubmit } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { useViewedProject } from '../../session/use-viewed-project.ts';
import { DeliveryTabs } from './delivery-tabs.tsx';
import { EndpointCard } from './endpoint-card.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import type { EndpointAction } from './endpoint-dialog.tsx';
import '../../components/card-grid.css';
import './deliveries.css';

const EVERY_MS = 10_000;

/** Who hears of every job of a project. */
export function EndpointsView() {
  const { query } = useLocation();
  const { project } = useViewedProject();
  const api = useApi(project);
  const who = useWho();
  const [action, setAction] = useState<EndpointAction>();
  const listed = useAnswer(
    `endpoints of ${project}`,
    (signal) => ask(api.GET('/v1/webhooks/endpoints', { signal })),
    EVERY_MS,
  );
  const endpoints = listed.data?.data;
  const onAct = maySubmit(who) ? setAction : undefined;
  return (
    <Page
      title="Deliveries"
      about="Endpoints hear of every job of their project, signed with a secret of their own."
      actions={
        onAct !== undefined && (
          <button type="button" class="button primary" onClick={() => onAct({ kind: 'create' })}>
            New endpoint …
          </button>
        )
      }
    >
      <DeliveryTabs chosen="endpoints" project={query['project']} />
      <ProjectNote what="endpoints" />
      {listed.error !== undefined && <ErrorNote error={listed.error} onRetry={listed.reload} />}
      {endpoints?.length === 0 && (
        <EmptyState
          title="No endpoint is registered"
          command="understudy webhooks create https://backend.example.com/understudy"
        >
          <p>
            A single job can name a <code>callback</code>; an endpoint hears of all of them.
          </p>
        </EmptyState>
      )}
      <div class="card-grid">
        {endpoints?.map((endpoint) => (
          <EndpointCard
            key={endpoint.id}
            endpoint={endpoint}
            project={project}
            onAct={onAct}
            onChanged={listed.reload}
          />
        ))}
      </div>
      {action !== undefined && (
        <EndpointDialog
          action={action}
          project={project}
          onDone={listed.reload}
          onClose={() => setAction(undefined)}
        />
      )}
    </Page>
  );
}
