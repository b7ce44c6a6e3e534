import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { readPages } from '../../api/read-pages.ts';
import { readProjects } from '../../api/read-projects.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Page } from '../../components/page.tsx';
import { isOperator } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { KeyDialog } from './key-dialog.tsx';
import type { KeyAction } from './key-dialog.tsx';
import { KeyTable } from './key-table.tsx';
import { ProjectCards } from './project-cards.tsx';
import '../../components/card-grid.css';
import './keys.css';

const EVERY_MS = 10_000;

/** For the operator: who may call, as whom, and how much. */
export function KeysView() {
  const who = useWho();
  if (isOperator(who)) return <Keys />;
  return (
    <Page title="Keys">
      <EmptyState title="Keys are the operator's">
        <p>
          This key has the scopes {who.scopes.join(', ')}. Sign in with one that has{' '}
          <code>admin</code>.
        </p>
      </EmptyState>
    </Page>
  );
}

function Keys() {
  const api = useApi();
  const who = useWho();
  const [action, setAction] = useState<KeyAction>();
  const project = who.acting === undefined || who.acting === '*' ? undefined : who.acting;
  const projects = useAnswer('projects', (signal) => readProjects(api, signal), EVERY_MS);
  const keys = useAnswer(
    `keys of ${project}`,
    (signal) =>
      readPages((page) => {
        const query = { ...page, ...(project === undefined ? {} : { project }) };
        return ask(api.GET('/v1/admin/keys', { params: { query }, signal }));
      }),
    EVERY_MS,
  );
  const error = projects.error ?? keys.error;
  const reload = (): void => {
    projects.reload();
    keys.reload();
  };
  return (
    <Page
      title="Keys"
      about="A key belongs to one project and sees nothing of the others."
      actions={
        <>
          <button type="button" class="button" onClick={() => setAction({ kind: 'new-project' })}>
            New project …
          </button>
          <button
            type="button"
            class="button primary"
            onClick={() => setAction({ kind: 'new-key', project: project ?? 'default' })}
          >
            New key …
          </button>
        </>
      }
    >
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {projects.data !== undefined && <ProjectCards projects={projects.data} chosen={project} />}
      {keys.data !== undefined && (
        <section class="keys">
          <h2>{project === undefined ? 'Keys of all projects' : `Keys of ${project}`}</h2>
          {keys.data.length === 0 ? (
            <EmptyState
              title="No key was made"
              command={`understudy keys create --project ${project ?? 'default'} --scope submit,read --name backend`}
            />
          ) : (
            <KeyTable keys={keys.data} ownId={who.id} onAct={setAction} />
          )}
        </section>
      )}
      {action !== undefined && (
        <KeyDialog
          action={action}
          projects={projects.data ?? []}
          onDone={reload}
          onClose={() => setAction(undefined)}
        />
      )}
    </Page>
  );
}
