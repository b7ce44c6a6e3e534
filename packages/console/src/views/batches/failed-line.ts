/** A line of a batch that was not answered. */
export interface FailedLine {
  customId: string;
  /** Absent of a line that became no job. */
  job?: string;
  status?: number;
  code: string;
  message: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What a line of the error file says; undefined for what is no such line. */
export function parseFailedLine(text: string): FailedLine | undefined {
  const line = asObject(parse(text));
  const customId = line?.['custom_id'];
  if (line === undefined || typeof customId !== 'string') return undefined;
  const response = asObject(line['response']);
  // With an answer of a provider, or ours, the error stands in it; else beside it.
  const error = asObject(asObject(response?.['body'])?.['error']) ?? asObject(line['error']);
  const job = response?.['request_id'];
  const status = response?.['status_code'];
  return {
    customId,
    ...(typeof job === 'string' && job.startsWith('job_') ? { job } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    code: textOf(error?.['code']) ?? textOf(error?.['type']) ?? 'unknown',
    message: textOf(error?.['message']) ?? '',
  };
}

/** The first lines of a text that comes in parts, and whether there are more. */
export async function firstLines(
  parts: ReadableStream<Uint8Array>,
  most: number,
): Promise<{ lines: string[]; hasMore: boolean }> {
  const reader = parts.getReader();
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = '';
  while (lines.length <= most) {
    const { done, value } = await reader.read();
    const pieces = `${rest}${decoder.decode(value, { stream: !done })}`.split('\n');
    rest = done ? '' : (pieces.pop() ?? '');
    lines.push(...pieces.filter((line) => line !== ''));
    if (done) return { lines: lines.slice(0, most), hasMore: lines.length > most };
  }
  // The remainder of a large file is not fetched.
  await reader.cancel();
  return { lines: lines.slice(0, most), hasMore: true };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
