import type { LineRejection } from '@understudy/batch-store';
import { BrokerError } from '@understudy/contracts';
import type { BatchRequest, JobRequest } from '@understudy/contracts';
import { checkRoute } from '@understudy/limits';
import {
  checkLosses,
  checkSubmission,
  jobIdOfLine,
  newJobRequest,
  submitSchema,
  withVendorsResponseId,
} from '@understudy/submission';
import type { LinkedBody, Submission } from '@understudy/submission';
import { z } from 'zod';
import { holdersOfBatch } from './holders-of-batch.ts';
import { customIdIn } from './read-line/json-line.ts';
import { LINE_READERS } from './read-line/line-format.ts';
import type { InputLine } from './split-lines.ts';
import type { RunnerContext } from './runner-context.ts';

/** What becomes of a line of the input. */
export type PreparedLine =
  | { kind: 'job'; request: JobRequest; body: Buffer }
  | { kind: 'rejected'; rejection: LineRejection }
  /** A worker that has not started yet may know its model. */
  | { kind: 'too_early'; rejection: LineRejection };

/** Makes the job of a line, or says what the API would have answered. */
export async function prepareLine(
  { dispatch }: Pick<RunnerContext, 'dispatch'>,
  batch: BatchRequest,
  line: InputLine,
): Promise<PreparedLine> {
  const { limits } = dispatch.views().settings;
  if (line.bytes === undefined) return rejected('', tooLarge(limits.bodyBytes));
  const read = LINE_READERS[batch.surface](line.bytes, {
    endpoint: batch.endpoint,
    ...limits,
  });
  if (read.kind === 'problem') {
    const { code, message, param } = read.problem;
    return {
      kind: 'rejected',
      rejection: {
        customId: customIdIn(line.bytes),
        statusCode: 400,
        code,
        message,
        ...given(param),
      },
    };
  }
  const { customId, body, bodyBytes } = read;
  if (bodyBytes.length > limits.bodyBytes) return rejected(customId, tooLarge(limits.bodyBytes));
  try {
    const submission = submissionOf(batch, body);
    const now = dispatch.clock.now();
    const views = dispatch.views();
    const route = checkSubmission(batch.project, submission, views, now);
    checkRoute(holdersOfBatch(dispatch, batch), {
      model: submission.body.model,
      route: route.name,
    });
    const { project } = batch;
    await checkLosses(project, submission, bodyBytes, route, views, now);
    const { store } = dispatch;
    const { body: asked, ...terms } = await withVendorsResponseId(
      store,
      // Results of a batch are shown to none but keys that may read.
      { project, mayReadContent: true },
      submission,
      bodyBytes,
      route,
      views,
    );
    return {
      kind: 'job',
      body: asked,
      request: jobOf(batch, submission, { ...terms, line: line.number, customId, now }),
    };
  } catch (error) {
    if (error instanceof BrokerError) return rejected(customId, error);
    throw error;
  }
}

function tooLarge(mostBytes: number): BrokerError {
  return new BrokerError(
    'body_too_large',
    `the request is larger than the ${mostBytes} bytes that this broker takes (limits.bodyBytes)`,
  );
}

function submissionOf(batch: BatchRequest, body: unknown): Submission {
  const parsed = submitSchema.safeParse({
    endpoint: batch.endpoint,
    body,
    priority: batch.priority,
    ...(batch.providers === undefined ? {} : { providers: batch.providers }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = z.core.toDotPath(issue?.path ?? []);
  throw new BrokerError('invalid_request', `${path}: ${issue?.message ?? 'is not valid'}`, {
    param: path,
  });
}

interface LineTerms extends Pick<LinkedBody, 'previousResponse'> {
  line: number;
  customId: string;
  now: number;
}

function jobOf(
  batch: BatchRequest,
  submission: Submission,
  { line, customId, ...terms }: LineTerms,
): JobRequest {
  const request = newJobRequest(submission, {
    id: jobIdOfLine(batch.id, line),
    project: batch.project,
    trace: traceOf(batch),
    fingerprint: undefined,
    ...terms,
    expiresInMs: batch.expires_at - terms.now,
    callback: undefined,
    surface: batch.surface,
    ...(batch.key === undefined ? {} : { key: batch.key }),
  });
  return { ...request, batch: { id: batch.id, line, custom_id: customId } };
}

function traceOf({
  traceparent,
  tracestate,
}: BatchRequest): Pick<JobRequest, 'traceparent' | 'tracestate'> {
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}

function rejected(customId: string, error: BrokerError): PreparedLine {
  const { code, status, message, param } = error;
  return {
    kind: code === 'unavailable' ? 'too_early' : 'rejected',
    rejection: {
      customId,
      statusCode: status,
      code,
      message,
      // Callers wrote the request alone, without the broker's own envelope.
      ...given(param?.replace(/^body\./, '')),
    },
  };
}

function given(param: string | undefined): { param?: string } {
  return param === undefined ? {} : { param };
}
