import { Agent, request } from 'undici';
import { digestOf, type Ledger } from './ledger.ts';
import { chatBody } from './persistent-client.ts';
import { until } from './until.ts';

const ANSWERED_WITHIN_MS = 20_000;

export interface BalancedCaller {
  /** By status, of every request that got one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Submits, and long-polls once. @throws when a request is reset or refused for good */
  submitAndPoll(token: string): Promise<void>;
}

interface Question {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/**
 * A caller behind a balancer that takes turns between the replicas that are ready. A refused
 * connection is no request yet and goes to the next replica, a 503 is repeated with the same key, and everything
 * else that goes wrong counts: a reset, a cut answer, another 5xx.
 */
export function createBalancedCaller(
  replicas: () => readonly string[],
  apiKey: string,
  ledger: Ledger,
): BalancedCaller {
  const answers: Record<string, number> = {};
  let turn = 0;

  const askOnce = async (url: string, { path, ...question }: Question) => {
    // A connection for each request, so that none is closed idle while a request is on its way.
    const dispatcher = new Agent({ pipelining: 0 });
    try {
      const response = await request(`${url}${path}`, { ...question, dispatcher });
      const text = await response.body.text();
      answers[response.statusCode] = (answers[response.statusCode] ?? 0) + 1;
      return { status: response.statusCode, text };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
        return undefined;
      }
      throw error;
    } finally {
      await dispatcher.close();
    }
  };
  const ask = (question: Question) =>
    until(`answer to ${question.method} ${question.path}`, ANSWERED_WITHIN_MS, async () => {
      const urls = replicas();
      turn += 1;
      const url = urls[turn % urls.length];
      const answer = url === undefined ? undefined : await askOnce(url, question);
      return answer?.status === 503 ? undefined : answer;
    });

  return {
    answers,
    submitAndPoll: async (token) => {
      const authorization = `Bearer ${apiKey}`;
      const body = chatBody(token, 'chat');
      const submitted = await ask({
        method: 'POST',
        path: '/v1/jobs',
        headers: {
          authorization,
          'content-type': 'application/json',
          'idempotency-key': token,
        },
        body: JSON.stringify({ endpoint: '/v1/chat/completions', body }),
      });
      const id = /"id":"(job_[^"]+)"/.exec(submitted.text)?.[1];
      if (submitted.status !== 202 || id === undefined) {
        throw new Error(`a submit was answered ${submitted.status}: ${submitted.text}`);
      }
      ledger.accept({ token, id, promptDigest: digestOf(body.messages) });
      const headers = { authorization, prefer: 'wait=1' };
      await ask({ method: 'GET', path: `/v1/jobs/${id}`, headers });
    },
  };
}
