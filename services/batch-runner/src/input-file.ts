import type { BatchCursor } from '@understudy/batch-store';
import type { BatchRequest } from '@understudy/contracts';
import { splitLines } from './split-lines.ts';
import type { InputLine } from './split-lines.ts';
import type { RunnerContext } from './runner-context.ts';

/** The input was removed while its batch still needed it. */
export class InputGoneError extends Error {
  override name = 'InputGoneError';
}

/** What beside the body a line may hold: custom_id, method, url, spaces. */
const LINE_MARGIN_BYTES = 64 * 1024;

/**
 * The lines of a batch's input from a place on.
 * @throws InputGoneError when there is no such file
 */
export async function* inputLines(
  { files, dispatch }: Pick<RunnerContext, 'files' | 'dispatch'>,
  { project, input_file_id: file }: BatchRequest,
  from: BatchCursor,
): AsyncGenerator<InputLine> {
  const { bodyBytes } = dispatch.views().settings.limits;
  const content = await files.content(project, file, from.byte);
  if (content === undefined) throw new InputGoneError(`the input file ${file} is not there`);
  yield* splitLines(content, from, bodyBytes + LINE_MARGIN_BYTES);
}
