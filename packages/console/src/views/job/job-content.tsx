import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { Job } from '../../api/contract.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Loading } from '../../components/loading.tsx';
import { Reveal } from '../../components/reveal.tsx';
import { answerText } from '../../job-story/answer-text.ts';
import { useJobAnswer } from '../../job-story/use-job-answer.ts';
import { mayReadContent } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';

/** Request and answer, each shown only to who may read and asks for it. */
export function JobContent({ job }: { job: Job }) {
  const refusal = refusalOf(job, mayReadContent(useWho()));
  return (
    <>
      {job.result !== undefined && (
        <Reveal title="Answer" refusal={refusal ?? movedAway(job)} {...aboutTaking(job)}>
          {() => <AnswerContent job={job} />}
        </Reveal>
      )}
      <Reveal title="Request" refusal={refusal} {...aboutSize(job)}>
        {() => <RequestContent id={job.id} project={job.project} />}
      </Reveal>
    </>
  );
}

function refusalOf(job: Job, mayRead: boolean): string | undefined {
  if (!mayRead) return 'shown to a key of scope read';
  return job.payload_forgotten === true ? 'no longer kept, as was asked' : undefined;
}

/** The answer to a batch's line stands in the batch's file. */
function movedAway({ result }: Job): string | undefined {
  return result?.file === undefined ? undefined : `stands in the file ${result.file}`;
}

function aboutTaking({ store }: Job): { about?: string } {
  return store === false ? { about: 'not stored: showing it takes it from the caller' } : {};
}

function aboutSize({ request_bytes: bytes }: Job): { about?: string } {
  return bytes === undefined ? {} : { about: `${bytes.toLocaleString('en')} bytes` };
}

function AnswerContent({ job }: { job: Job }) {
  const { data, error, reload } = useJobAnswer(job);
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return <Loading />;
  const { body } = data;
  if (body === undefined) return <p class="muted">It is no longer kept.</p>;
  const text = answerText(body);
  return (
    <div class="stack">
      {text !== undefined && <p class="answer-text">{text}</p>}
      <JsonView value={body} label="the answer" />
    </div>
  );
}

function RequestContent({ id, project }: { id: string; project: string }) {
  const api = useApi(project);
  const { data, error, reload } = useAnswer(`request ${id}`, (signal) =>
    ask(api.GET('/v1/jobs/{id}/request', { params: { path: { id } }, parseAs: 'text', signal })),
  );
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  return data === undefined ? <Loading /> : <JsonView value={data} label="the request" />;
}
