import type { Batch } from '@understudy/client';
import { formatDollars, isTerminalBatch } from '@understudy/contracts';
import { problemTexts } from '../batch/batch-problems.ts';
import { batchViewSchema, costAmount } from '../batch/batch-view.ts';
import { colourStatus } from './colours.ts';
import { formatRelative } from './duration-text.ts';
import { formatFacts } from './facts.ts';
import type { ListWords } from './list-words.ts';
import type { Style } from './output.ts';
import { formatTable } from './table.ts';

export function renderBatch(batch: Batch, style: Style): string {
  const { colours, now } = style;
  const problems = problemTexts(batch).map((problem) => `  ${problem}\n`);
  return [
    `${colours.strong(batch.id)}  ${colourStatus(batch.status, colours)}\n`,
    formatFacts(
      [
        ['endpoint', batch.endpoint],
        ['lines', linesText(batch)],
        ['created', formatRelative(batch.created_at * 1000, now)],
        ['expires', expiryText(batch, now)],
        ['cost', costText(batch)],
        ['may cost', batch.max_cost === undefined ? undefined : formatDollars(batch.max_cost)],
        ['input', batch.input_file_id],
        ['answers', batch.output_file_id],
        ['failures', batch.error_file_id],
      ],
      style,
    ),
    ...problems,
  ].join('');
}

export function renderBatches(
  batches: readonly Batch[],
  { colours, now }: Style,
  { none, ofAllProjects }: ListWords,
): string {
  const project = ofAllProjects ? ['PROJECT'] : [];
  return formatTable(
    ['ID', ...project, 'STATUS', 'LINES', 'CREATED', 'COST', 'ENDPOINT'].map(colours.dim),
    batches.map((batch) => [
      batch.id,
      ...(ofAllProjects ? [batch.project ?? ''] : []),
      colourStatus(batch.status, colours),
      linesText(batch) ?? '',
      formatRelative(batch.created_at * 1000, now),
      costText(batch) ?? '',
      batch.endpoint,
    ]),
    none,
  );
}

/** Lines without an answer expire with the batch: of one that has ended there are none. */
function expiryText({ status, expires_at: at }: Batch, now: number): string | undefined {
  return at === undefined || isTerminalBatch(status) ? undefined : formatRelative(at * 1000, now);
}

function linesText({ request_counts: counts }: Batch): string | undefined {
  if (counts === undefined || counts.total === 0) return undefined;
  const failed = counts.failed === 0 ? '' : `, ${counts.failed} failed`;
  return `${counts.completed}/${counts.total}${failed}`;
}

function costText(batch: Batch): string | undefined {
  const parsed = batchViewSchema.safeParse(batch);
  const amount = parsed.success ? costAmount(parsed.data) : undefined;
  return amount === undefined ? undefined : formatDollars(amount);
}
