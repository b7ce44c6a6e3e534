import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { Job } from '../../api/contract.ts';
import { projectHeader } from '../../api/project-header.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useAction } from '../../components/use-action.ts';
import { jobPath } from '../../job-story/job-path.ts';
import { curlOfJob, curlOfSubmit } from '../../job-story/job-curl.ts';
import { mayReadContent, maySubmit, seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';

export interface JobActionsProps {
  job: Job;
  onChanged(): void;
}

/** Copy as curl; cancel what runs, do again what has ended. */
export function JobActions({ job, onChanged }: JobActionsProps) {
  const who = useWho();
  const api = useApi(job.project);
  const isOpen = job.completed_at === undefined;
  const canRepeat = mayReadContent(who) && job.payload_forgotten !== true;
  const copied = async (): Promise<string> => {
    const { origin } = location;
    const submit = { method: 'POST', url: `${origin}/v1/jobs` };
    const project = projectHeader(submit, who, job.project);
    if (!canRepeat) return curlOfJob(origin, job.id, project);
    const asked = api.GET('/v1/jobs/{id}/request', {
      params: { path: { id: job.id } },
      parseAs: 'text',
    });
    return curlOfSubmit(origin, job, await ask(asked), project);
  };
  return (
    <>
      <CopyButton text={copied} label="Copy as curl" withLabel />
      {maySubmit(who) && isOpen && <Cancel job={job} onDone={onChanged} />}
      {maySubmit(who) && !isOpen && <Retry job={job} />}
    </>
  );
}

interface CancelProps {
  job: Job;
  onDone(): void;
}

function Cancel({ job, onDone }: CancelProps) {
  const [isAsked, setIsAsked] = useState(false);
  const api = useApi(job.project);
  return (
    <>
      <button type="button" class="button danger" onClick={() => setIsAsked(true)}>
        Cancel
      </button>
      {isAsked && (
        <ActionDialog
          title="Cancel this job?"
          verb="Cancel the job"
          isDangerous
          act={() => ask(api.POST('/v1/jobs/{id}/cancel', { params: { path: { id: job.id } } }))}
          onDone={onDone}
          onClose={() => setIsAsked(false)}
        >
          <p>
            It is not started any more. A call that is open is broken off; the provider may bill it.
          </p>
        </ActionDialog>
      )}
    </>
  );
}

function Retry({ job }: { job: Job }) {
  const isSpread = seesAllProjects(useWho());
  const api = useApi(job.project);
  const { route } = useLocation();
  const isForgotten = job.payload_forgotten === true;
  const { run, isBusy, error } = useAction(async () => {
    const made = await ask(api.POST('/v1/jobs/{id}/retry', { params: { path: { id: job.id } } }));
    route(jobPath(made.id, isSpread ? job.project : undefined));
  });
  return (
    <>
      <button
        type="button"
        class="button primary"
        disabled={isBusy || isForgotten}
        title={isForgotten ? 'Its request is no longer kept' : undefined}
        onClick={() => run()}
      >
        Retry
      </button>
      {error !== undefined && <ErrorNote error={error} />}
    </>
  );
}
