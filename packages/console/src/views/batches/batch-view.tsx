import type { Batch } from '@understudy/client';
import { useRoute } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useLiveReload } from '../../api/use-live-reload.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { Page } from '../../components/page.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { maySubmit } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { useViewedProject } from '../../session/use-viewed-project.ts';
import { isOver, readBatch } from './batch-answers.ts';
import { BatchFacts } from './batch-facts.tsx';
import { BatchFiles } from './batch-files.tsx';
import { BatchPace } from './batch-pace.tsx';
import { FailingLines } from './failing-lines.tsx';
import './batches.css';

const EVERY_MS = 2000;
const TYPES = ['batch.completed', 'batch.failed', 'batch.expired', 'batch.cancelled'] as const;

/** One batch: how far it is, when it will be through, and what failed in it. */
export function BatchView() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const { project } = useViewedProject();
  const api = useApi(project);
  const who = useWho();
  const [isRunning, setIsRunning] = useState(true);
  const [isAsking, setIsAsking] = useState(false);
  const {
    data: batch,
    error,
    reload,
    refresh,
  } = useAnswer(
    id,
    async (signal) => {
      const read = await readBatch(api, id, signal);
      setIsRunning(!isOver(read));
      return read;
    },
    isRunning ? EVERY_MS : undefined,
  );
  const stream = useLiveReload(refresh, { types: TYPES, project, isWanted: isRunning });
  return (
    <Page
      title="Batch"
      about={
        <>
          <code>{id}</code>
          {batch !== undefined && <StatusPill status={batch.status} />}
        </>
      }
      actions={
        <>
          {isRunning && <LiveMark state={stream} />}
          {isRunning && maySubmit(who) && batch?.status !== 'cancelling' && (
            <button type="button" class="button danger" onClick={() => setIsAsking(true)}>
              Cancel …
            </button>
          )}
        </>
      }
    >
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {batch !== undefined && (
        <>
          <BatchPace batch={batch} />
          <BatchProblems batch={batch} />
          <BatchFacts batch={batch} />
          <BatchFiles batch={batch} project={project} />
          <FailingLines batch={batch} project={project} />
        </>
      )}
      {isAsking && (
        <ActionDialog
          title="Cancel this batch?"
          verb="Cancel the batch"
          isDangerous
          act={() => ask(api.POST('/v1/batches/{id}/cancel', { params: { path: { id } } }))}
          onDone={reload}
          onClose={() => setIsAsking(false)}
        >
          <p>No further line starts, and running calls are hung up. What was answered stays.</p>
        </ActionDialog>
      )}
    </Page>
  );
}

/** What was wrong with the input, so that no line ran, or why no further line did. */
function BatchProblems({ batch: { errors, status } }: { batch: Batch }) {
  if (errors === undefined || errors.data.length === 0) return null;
  return (
    <section class="note bad">
      <div>
        <h2>{status === 'failed' ? 'The input was refused' : 'No further line is begun'}</h2>
        <ul class="problems">
          {errors.data.map(({ code, message, line, param }) => (
            <li key={`${line} ${code} ${param}`}>
              {line !== undefined && <strong>Line {line}: </strong>}
              {message} <code>{code}</code>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
