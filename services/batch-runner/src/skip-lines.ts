import type { BatchCursor, RunningBatch } from '@understudy/batch-store';
import type { BatchRequest } from '@understudy/contracts';
import { jobIdOfLine, withIdPrefix } from '@understudy/submission';
import { inputLines } from './input-file.ts';
import { dropIfRemoved, openOutputFile } from './output-file.ts';
import { customIdIn } from './read-line/json-line.ts';
import { RESULT_FORMATS } from './render-line/line-end.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { isBlank } from './split-lines.ts';
import { OUTCOMES } from './stop-outcome.ts';
import type { StopOutcome } from './stop-outcome.ts';
import { resumed, writePart } from './write-part.ts';
import type { PartLine } from './write-part.ts';

/** Lines that one part tells of. */
const SKIPPED_AT_ONCE = 20_000;

/** Ends the lines from the cursor on, none of which ever became a job. */
export async function skipLines(
  context: RunnerContext,
  held: HeldBatch,
  { record, cursor }: RunningBatch,
  outcome: StopOutcome,
): Promise<void> {
  const { request } = record;
  const role = RESULT_FORMATS[request.surface].hasErrorFile ? 'err' : 'out';
  let file: string | undefined;
  let from = cursor;
  for (;;) {
    const portion: Portion = { to: from, lines: 0 };
    // Closed also where the place takes nothing, and so never asks for more than the first.
    await using lines = skippedLines(context, request, from, outcome, portion);
    const first = await lines.next();
    if (first.done === true) return;
    // Once: its owner may remove it between two parts.
    file ??= await openOutputFile(context, record, role);
    const part = await writePart(context, held, { role, file }, resumed(first.value, lines));
    const step = { from, to: portion.to, outcome: OUTCOMES[outcome], lines: portion.lines };
    await context.runs.skipLines(held.lease, step, part);
    await dropIfRemoved(context, request, part);
    from = portion.to;
  }
}

/** How far one part has come; written by whoever reads the input. */
interface Portion {
  to: BatchCursor;
  lines: number;
}

async function* skippedLines(
  context: RunnerContext,
  request: BatchRequest,
  from: BatchCursor,
  outcome: StopOutcome,
  portion: Portion,
): AsyncGenerator<PartLine[]> {
  const { render } = RESULT_FORMATS[request.surface];
  for await (const { number, next, bytes } of inputLines(context, request, from)) {
    portion.to = { line: number, byte: next };
    if (bytes !== undefined && isBlank(bytes)) continue;
    portion.lines += 1;
    const id = withIdPrefix('batch_req_', jobIdOfLine(request.id, number));
    const customId = bytes === undefined ? '' : customIdIn(bytes);
    yield [{ line: number, bytes: render({ id, customId, end: { kind: outcome } }) }];
    if (portion.lines === SKIPPED_AT_ONCE) return;
  }
}
