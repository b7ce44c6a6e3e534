import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { Job } from '../../api/contract.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Page } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { seesAllProjects, maySubmit } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { DraftForm } from './draft-form.tsx';
import type { Submitted } from './job-draft.ts';
import { RunningJob } from './running-job.tsx';
import './playground.css';

/** A job is composed on one side and watched on the other. */
export function PlaygroundView() {
  const who = useWho();
  const api = useApi();
  const [job, setJob] = useState<Job>();
  const { run, isBusy, error } = useAction(async (submitted: Submitted) => {
    setJob(await ask(api.POST('/v1/jobs', { body: submitted })));
  });
  if (!maySubmit(who)) {
    return (
      <Page title="Playground">
        <EmptyState
          title="This key may not submit"
          command={`understudy keys create --project ${who.project} --scope submit,read`}
        >
          <p>Jobs are submitted with a key of scope submit. The operator makes one with:</p>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page
      title="Playground"
      about={
        seesAllProjects(who)
          ? `Compose a job and watch it run. It is submitted in the key's own project, ${who.project}.`
          : 'Compose a job and watch it run.'
      }
    >
      <div class="playground">
        <div class="stack">
          <DraftForm isBusy={isBusy} onSubmit={run} />
          {error !== undefined && <ErrorNote error={error} />}
        </div>
        <div class="stack" aria-live="polite">
          {job === undefined ? (
            <EmptyState title="What happens to it shows here">
              <p>
                Each target that is tried, how long it took, why it was passed over, and the answer.
                With the sandbox’s providers, <code>sandbox-status-codes</code> falls through five
                failures to an answer.
              </p>
            </EmptyState>
          ) : (
            <RunningJob key={job.id} id={job.id} project={job.project} />
          )}
        </div>
      </div>
    </Page>
  );
}
