import { useLocation, useRoute } from 'preact-iso/router';
import { Copyable } from '../../components/copyable.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { useJob } from '../../job-story/use-job.ts';
import { Waterfall } from '../../job-story/waterfall.tsx';
import { JobActions } from './job-actions.tsx';
import { JobCallbacks } from './job-callbacks.tsx';
import { JobContent } from './job-content.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobNotes } from '../../job-story/job-notes.tsx';

export function JobView() {
  const { id = '' } = useRoute().params;
  const { query } = useLocation();
  return <JobPage key={id} id={id} project={query['project']} />;
}

/** @param project of the job, where the operator sees several */
function JobPage({ id, project }: { id: string; project: string | undefined }) {
  const { data: job, error, reload, stream } = useJob(id, project);
  if (job === undefined) {
    return (
      <Page title="Job" about={<Copyable text={id} label="Copy the job's id" />}>
        {error === undefined ? <Loading /> : <ErrorNote error={error} onRetry={reload} />}
      </Page>
    );
  }
  const isOpen = job.completed_at === undefined;
  return (
    <Page
      title={`Job for ${job.model}`}
      about={
        <>
          <StatusPill status={job.status} />
          <Copyable text={id} label="Copy the job's id" />
          {isOpen && <LiveMark state={stream} />}
        </>
      }
      actions={<JobActions job={job} onChanged={reload} />}
    >
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      <JobNotes job={job} />
      <JobFacts job={job} />
      <Waterfall job={job} />
      <JobContent job={job} />
      <JobCallbacks job={job} />
    </Page>
  );
}
