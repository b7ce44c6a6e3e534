import type { JsonLimits } from '@understudy/configuration';
import type { BatchProblem, BatchRequest } from '@understudy/contracts';
import { readAnthropicLine } from './read-anthropic-line.ts';
import { readOpenAiLine } from './read-openai-line.ts';

/** What the lines of an input are read by. */
export interface LineRules extends JsonLimits {
  endpoint: BatchRequest['endpoint'];
}

/** A line as its format has it; whether its body can become a job is another question. */
export type ReadLine =
  | { kind: 'request'; customId: string; body: unknown; bodyBytes: Buffer }
  | { kind: 'problem'; problem: Omit<BatchProblem, 'line'> };

export type LineReader = (line: Buffer, rules: LineRules) => ReadLine;

/** How the input of each surface's batches is written. */
export const LINE_READERS: Readonly<Record<BatchRequest['surface'], LineReader>> = {
  openai: readOpenAiLine,
  anthropic: readAnthropicLine,
};
