import type { Batch } from '@understudy/client';
import { saveFile } from '../../api/save-file.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { useAction } from '../../components/use-action.ts';
import { mayReadContent } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { isOver } from './batch-answers.ts';

interface BatchFilesProps {
  batch: Batch;
  project: string | undefined;
}

/** What went in and what came out, for those who may read it. */
export function BatchFiles({ batch, project }: BatchFilesProps) {
  const who = useWho();
  const { run, isBusy, error } = useAction((id: string, name: string) =>
    saveFile(
      who,
      `/v1/files/${encodeURIComponent(id)}/content`,
      `${batch.id}-${name.toLowerCase()}.jsonl`,
      project,
    ),
  );
  const hasEnded = isOver(batch);
  const missing = hasEnded ? 'nothing was to be in it' : 'not there yet, or nothing to be in it';
  const files = [
    { name: 'Input', id: batch.input_file_id, about: 'the requests' },
    {
      name: 'Output',
      id: batch.output_file_id,
      about: hasEnded ? 'the answers' : 'the answers so far',
    },
    { name: 'Errors', id: batch.error_file_id, about: 'the lines that were not answered' },
  ];
  return (
    <section class="card">
      <h2>Files</h2>
      {!mayReadContent(who) && (
        <p class="muted">This key may not read content: files are hidden.</p>
      )}
      <ul class="batch-files">
        {files.map(({ name, id, about }) => (
          <li key={name}>
            <div>
              <strong>{name}</strong> <span class="muted small">{about}</span>
              <p class="mono muted">{id ?? missing}</p>
            </div>
            {id !== undefined && mayReadContent(who) && (
              <button
                type="button"
                class="button"
                disabled={isBusy}
                aria-label={`Download the ${name.toLowerCase()} file`}
                onClick={() => run(id, name)}
              >
                Download
              </button>
            )}
          </li>
        ))}
      </ul>
      {error !== undefined && <ErrorNote error={error} />}
    </section>
  );
}
