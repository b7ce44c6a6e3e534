import { Pool } from 'undici';
import { eventually, freePort, startNode, type BenchProcess } from './child-process.ts';

interface UpstreamCalls {
  answered: number;
  /** Nanoseconds of the machine's monotonic clock. */
  lastReceivedNs: bigint;
  lastAnsweredNs: bigint;
  /** Of those below `/failing`. */
  lastFailedNs: bigint;
}

/** `held` keeps calls waiting until another state comes; `down` fails them. */
export type UpstreamState =
  | { state: 'open' }
  | { state: 'held' }
  | { state: 'down'; retryAfterSeconds: number };

export interface Upstream extends BenchProcess {
  /** Without `/v1`. */
  origin: string;
  /** Ends in `/v1`. */
  baseUrl: string;
  /** The same provider, which answers every third call with 429. */
  limitedBaseUrl: string;
  calls(): Promise<UpstreamCalls>;
  become(state: UpstreamState): Promise<void>;
}

export async function startUpstream(latencyMs: number): Promise<Upstream> {
  const port = await freePort();
  const server = startNode('upstream', new URL('fake-upstream.ts', import.meta.url), {
    PORT: String(port),
    UPSTREAM_LATENCY_MS: String(latencyMs),
  });
  const origin = `http://127.0.0.1:${port}`;
  const pool = new Pool(origin, { connections: 2 });
  const ask = async (method: 'GET' | 'POST', path: string, body?: string): Promise<string> => {
    const answer = await pool.request({ method, path, ...(body === undefined ? {} : { body }) });
    return await answer.body.text();
  };
  const calls = async (): Promise<UpstreamCalls> => {
    const answer = JSON.parse(await ask('GET', '/bench/calls'));
    return {
      answered: answer.answered,
      lastReceivedNs: BigInt(answer.lastReceivedNs),
      lastAnsweredNs: BigInt(answer.lastAnsweredNs),
      lastFailedNs: BigInt(answer.lastFailedNs),
    };
  };
  await eventually('the upstream', 10_000, calls);
  return {
    ...server,
    origin,
    baseUrl: `${origin}/v1`,
    limitedBaseUrl: `${origin}/limited/v1`,
    calls,
    become: async (state) => {
      await ask('POST', '/bench/state', JSON.stringify(state));
    },
    stop: async () => {
      await pool.close();
      await server.stop();
    },
  };
}
