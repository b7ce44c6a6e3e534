import { Copyable } from '../../components/copyable.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { Loading } from '../../components/loading.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { answerText } from '../../job-story/answer-text.ts';
import { JobNotes } from '../../job-story/job-notes.tsx';
import { jobPath } from '../../job-story/job-path.ts';
import { useJobAnswer } from '../../job-story/use-job-answer.ts';
import { useJob } from '../../job-story/use-job.ts';
import { Waterfall } from '../../job-story/waterfall.tsx';
import type { Job } from '../../api/contract.ts';
import { mayReadContent, seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';

/** The job that was just submitted, followed to its end. */
export function RunningJob({ id, project }: { id: string; project: string | undefined }) {
  const who = useWho();
  const acting = seesAllProjects(who) ? project : undefined;
  const { data: job, error, reload, stream } = useJob(id, acting);
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (job === undefined) return <Loading />;
  return (
    <>
      <div class="running-head">
        <StatusPill status={job.status} />
        <Copyable text={id} label="Copy the job's id" />
        {job.completed_at === undefined && <LiveMark state={stream} />}
        <a class="button" href={jobPath(id, acting)}>
          Open the job
        </a>
      </div>
      <JobNotes job={job} />
      {mayReadContent(who) && job.result !== undefined && <Answer job={job} />}
      <Waterfall job={job} />
    </>
  );
}

/** Shown at once: who composed the job is the one who looks. */
function Answer({ job }: { job: Job }) {
  const { data, error, reload } = useJobAnswer(job);
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return <Loading />;
  const text = answerText(data.body);
  return (
    <section class="card" aria-label="Answer">
      <h2>Answer of {data.provider}</h2>
      <div class="stack">
        {text !== undefined && <p class="answer-text">{text}</p>}
        <details>
          <summary class="small muted">The whole answer</summary>
          <JsonView value={data.body} label="the answer" />
        </details>
      </div>
    </section>
  );
}
