import { BrokerError } from '@understudy/contracts';
import { topLevelMembers } from '@understudy/provider';
import { readJson } from '@understudy/submission';
import type { JsonLimits } from '@understudy/configuration';
import { z } from 'zod';
import { interruptedBody } from '../bodies/interrupted-body.ts';
import { freeChunks } from '../files/freed-chunks.ts';
import { arrayElements } from './array-elements.ts';

/** What Anthropic states for a batch. */
const MOST_REQUESTS = 100_000;
export const MOST_BATCH_BYTES = 256 * 1024 * 1024;

/** Lines are handed on together: a write each would cost more than the line. */
const HANDED_ON_BYTES = 64 * 1024;
const LINE_END = Buffer.from('}\n');
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

const requestSchema = z.looseObject({
  custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, {
    error: 'must be 1 to 64 letters, digits, hyphens or underscores',
  }),
  params: z.looseObject({
    stream: z.literal(false, { error: 'must not be true: a batch has no streams' }).nullish(),
    max_tokens: z
      .unknown()
      .refine((count) => count !== 0, 'must not be 0: a batch asks for answers')
      .optional(),
  }),
});

/** The requests of a message batch as they come, and how many there were. */
export interface MessageRequests {
  /**
   * JSONL: `{"custom_id":…,"params":…}`, the params as the bytes received. To be read once; a piece
   * holds only until the next one is asked for.
   */
  lines: AsyncGenerator<Buffer>;
  count(): number;
  /** What is wrong with the body, once reading it has failed for that. */
  problem(): BrokerError | undefined;
}

export interface RequestLimits extends JsonLimits {
  bodyBytes: number;
}

/**
 * Turns the body of a create call into the lines of an input file while it comes; holds one request
 * at a time, and the custom ids seen. What one request asks for is checked when it runs.
 * @param body each of its chunks is freed once it is read
 */
export function readMessageRequests(
  body: AsyncIterable<Uint8Array>,
  limits: RequestLimits,
): MessageRequests {
  const seen = new Set<string>();
  let problem: BrokerError | undefined;

  async function* lines(): AsyncGenerator<Buffer> {
    // One for all pieces: what is left to the garbage collection counts until the next one.
    const output = Buffer.allocUnsafeSlow(HANDED_ON_BYTES);
    let filled = 0;
    for await (const element of arrayElements(freeChunks(body), 'requests', limits.bodyBytes)) {
      for (const part of lineOf(element, seen, limits)) {
        if (filled + part.length > output.length) {
          yield output.subarray(0, filled);
          filled = 0;
        }
        if (part.length > output.length) yield part;
        else filled += part.copy(output, filled);
      }
    }
    if (seen.size === 0) throw refusal('requests', 'must hold at least one request');
    yield output.subarray(0, filled);
  }

  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield* lines();
    } catch (error) {
      problem = error instanceof BrokerError ? error : interruptedBody(error);
      throw problem;
    }
  }

  return { lines: watched(), count: () => seen.size, problem: () => problem };
}

/**
 * The parts of a request's line; not joined, as a copy of each would be garbage as large as the body.
 * @throws BrokerError naming the request by its place, counted from 0
 */
function lineOf(element: Buffer, seen: Set<string>, limits: RequestLimits): Buffer[] {
  const place = `requests.${seen.size}`;
  if (seen.size >= MOST_REQUESTS) {
    throw refusal('requests', `must hold at most ${MOST_REQUESTS} requests`);
  }
  const request = requestSchema.safeParse(readAt(place, element, limits));
  if (!request.success) {
    const [issue] = request.error.issues;
    const path = [place, ...(issue?.path ?? [])].join('.');
    throw refusal(path, issue?.message ?? 'is not valid');
  }
  const { custom_id: customId } = request.data;
  if (seen.has(customId)) {
    throw refusal(`${place}.custom_id`, `"${customId}" stands at an earlier request already`);
  }
  seen.add(customId);
  const range = topLevelMembers(element).get('params') ?? { start: 0, end: 0 };
  return [
    Buffer.from(`{"custom_id":"${customId}","params":`),
    onOneLine(element.subarray(range.start, range.end)),
    LINE_END,
  ];
}

function readAt(place: string, element: Buffer, limits: RequestLimits): unknown {
  try {
    return readJson(element, limits);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    throw new BrokerError(error.code, `${place}: ${error.message}`, { param: place });
  }
}

/** Line breaks in JSON stand between tokens only, where they mean no more than a space. */
function onOneLine(json: Buffer): Buffer {
  if (!json.includes(LINE_FEED) && !json.includes(CARRIAGE_RETURN)) return json;
  return Buffer.from(json.map((byte) => (isBreak(byte) ? SPACE : byte)));
}

function isBreak(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

function refusal(param: string, problem: string): BrokerError {
  return new BrokerError('invalid_request', `${param}: ${problem}`, { param });
}
