import { request } from 'undici';
import { eventually, freePort, startNode, type BenchProcess } from './child-process.ts';

interface UpstreamCalls {
  answered: number;
  /** Nanoseconds of the machine's monotonic clock. */
  lastReceivedNs: bigint;
  lastAnsweredNs: bigint;
}

export interface Upstream extends BenchProcess {
  /** Ends in `/v1`. */
  baseUrl: string;
  /** The same provider, which answers every third call with 429. */
  limitedBaseUrl: string;
  calls(): Promise<UpstreamCalls>;
}

export async function startUpstream(latencyMs: number): Promise<Upstream> {
  const port = await freePort();
  const server = startNode('upstream', new URL('fake-upstream.ts', import.meta.url), {
    PORT: String(port),
    UPSTREAM_LATENCY_MS: String(latencyMs),
  });
  const origin = `http://127.0.0.1:${port}`;
  const calls = async (): Promise<UpstreamCalls> => {
    const { body } = await request(`${origin}/bench/calls`);
    const answer = JSON.parse(await body.text());
    return {
      answered: answer.answered,
      lastReceivedNs: BigInt(answer.lastReceivedNs),
      lastAnsweredNs: BigInt(answer.lastAnsweredNs),
    };
  };
  await eventually('the upstream', 10_000, calls);
  return { ...server, baseUrl: `${origin}/v1`, limitedBaseUrl: `${origin}/limited/v1`, calls };
}
