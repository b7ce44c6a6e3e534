import type { BatchRequest } from '@understudy/contracts';
import { renderAnthropicLine } from './render-anthropic-line.ts';
import { renderOpenAiLine } from './render-openai-line.ts';

/** A failure as an HTTP answer would tell it. */
export interface LineFailure {
  status: number;
  code: string;
  message: string;
  /** The family of the error in the provider's own words. */
  type?: string;
  param?: string;
}

/** How a line ended, for its result. */
export type LineEnd =
  | { kind: 'answered'; answer: Buffer }
  | { kind: 'failed'; failure: LineFailure }
  /** Nobody's HTTP answer is the reason. */
  | { kind: 'unanswered'; code: string; message: string }
  | { kind: 'cancelled' }
  | { kind: 'expired' }
  /** The batch had cost what it may cost. */
  | { kind: 'spent' };

export interface EndedRequest {
  /** `batch_req_…` */
  id: string;
  customId: string;
  /** What the request is found by; absent of one that became no job. */
  jobId?: string;
  end: LineEnd;
}

/** How results of a surface are written, and where. */
export interface ResultFormat {
  /** One line, without its end. */
  render(request: EndedRequest): Buffer;
  /** Whether lines without an answer have a file of their own. */
  hasErrorFile: boolean;
}

export const RESULT_FORMATS: Readonly<Record<BatchRequest['surface'], ResultFormat>> = {
  openai: { render: renderOpenAiLine, hasErrorFile: true },
  anthropic: { render: renderAnthropicLine, hasErrorFile: false },
};
