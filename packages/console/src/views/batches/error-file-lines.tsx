import { send, withKey } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Table } from '../../components/table.tsx';
import { jobPath } from '../../job-story/job-path.ts';
import { useWho } from '../../session/session.ts';
import type { Who } from '../../session/session-store.ts';
import { ErrorWords } from './error-words.tsx';
import { firstLines, parseFailedLine } from './failed-line.ts';
import type { FailedLine } from './failed-line.ts';

interface ErrorFileLinesProps {
  fileId: string;
  project: string | undefined;
}

const MOST = 100;

/** The beginning of a batch's error file. */
export function ErrorFileLines({ fileId, project }: ErrorFileLinesProps) {
  const who = useWho();
  const { data, error, reload } = useAnswer(fileId, (signal) =>
    readLines(who, fileId, project, signal),
  );
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (data === undefined) return null;
  return (
    <>
      <Table<FailedLine>
        caption="Lines that failed, in the order of the input"
        rows={data.lines}
        keyOf={({ customId }) => customId}
        columns={[
          { title: 'custom_id', cell: ({ customId }) => <code>{customId}</code> },
          {
            title: 'Status',
            isNumber: true,
            isWideOnly: true,
            cell: ({ status }) => status ?? '–',
          },
          {
            title: 'Error',
            cell: ({ code, message }) => <ErrorWords code={code} message={message} />,
          },
          {
            title: 'Job',
            cell: ({ job }) =>
              job === undefined ? (
                <span class="muted" title="It was refused before it became a job">
                  none
                </span>
              ) : (
                <a class="mono" href={jobPath(job, project)}>
                  …{job.slice(-8)}
                </a>
              ),
          },
        ]}
      />
      {data.hasMore && (
        <p class="muted">These are the first {MOST}; the error file has all of them.</p>
      )}
    </>
  );
}

async function readLines(
  who: Who,
  fileId: string,
  project: string | undefined,
  signal: AbortSignal,
): Promise<{ lines: FailedLine[]; hasMore: boolean }> {
  const url = new URL(`/v1/files/${encodeURIComponent(fileId)}/content`, location.origin);
  const { body } = await send(withKey(new Request(url, { signal }), who.key, project));
  if (body === null) return { lines: [], hasMore: false };
  const { lines, hasMore } = await firstLines(body, MOST);
  return { lines: lines.flatMap((line) => parseFailedLine(line) ?? []), hasMore };
}
