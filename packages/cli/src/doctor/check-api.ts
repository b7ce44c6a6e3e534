import { UnderstudyError } from '@understudy/client';
import { z } from 'zod';
import { ask } from '../ask.ts';
import { formatDuration } from '../output/duration-text.ts';
import type { Session } from '../session.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const TIMEOUT_MS = 5000;
/** Signatures of webhooks are refused by five minutes of difference; certificates by less. */
const MOST_SKEW_MS = 30_000;

const readinessSchema = z.looseObject({
  status: z.string(),
  missing: z.array(z.string()).default([]),
  degraded: z.array(z.string()).default([]),
});

/** Whether the broker answers, what it says of itself, and whose clock is wrong. */
export async function checkApi({ url, now, signal }: Session): Promise<Finding[]> {
  const get = (path: string): Promise<Response> =>
    fetch(`${url}${path}`, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  let ready: Response;
  try {
    ready = await get('/readyz');
  } catch {
    signal.throwIfAborted();
    return [
      fail(
        'API',
        `${url} does not answer; start the broker with npm start, or say where it is with --url or UNDERSTUDY_URL`,
      ),
    ];
  }
  const at = now();
  const readiness = readinessSchema.safeParse(await json(ready));
  if (!readiness.success)
    return [fail('API', `what answers at ${url} is no broker; check the URL`)];
  return [
    ok('API', `${url} answers`),
    ...readinessFindings(readiness.data),
    clockFinding(ready.headers.get('date'), at),
  ];
}

function readinessFindings({ missing, degraded }: z.infer<typeof readinessSchema>): Finding[] {
  if (missing.length + degraded.length === 0) return [ok('ready', 'takes jobs')];
  return [
    ...missing.map((reason) => fail('ready', `takes no jobs: ${reason}`)),
    ...degraded.map((reason) => warn('ready', `${reason}; jobs for it wait or go elsewhere`)),
  ];
}

/** The header has whole seconds, so a second is no difference. */
function clockFinding(date: string | null, now: number): Finding {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told))
    return warn('clock', 'the API does not tell its time; a proxy may hide it');
  const skewMs = Math.abs(told - now);
  if (skewMs <= MOST_SKEW_MS) return ok('clock', "agrees with the API's");
  return warn(
    'clock',
    `differs from the API's by ${formatDuration(skewMs)}; set both by NTP, for webhook receivers refuse signatures that are off by minutes`,
  );
}

async function json(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

/** What a look at the key found. */
interface KeyCheck {
  finding: Finding;
  /** What it may do at the broker. */
  scopes: readonly string[];
}

/** Whether the key opens the door, and what it may do there. Changes nothing. */
export async function checkKey(session: Session): Promise<KeyCheck> {
  if (session.apiKey === undefined) {
    return closed('there is none; set UNDERSTUDY_API_KEY (npm start keeps it in .data/api-key)');
  }
  const scopes: string[] = [];
  for (const [scope, method, path] of [
    ['read', 'GET', '/v1/jobs?limit=1'],
    // No job has this id, and whether one may be cancelled is asked before it is looked for.
    ['submit', 'POST', `/v1/jobs/job_${'0'.repeat(26)}/cancel`],
    ['admin', 'GET', '/v1/admin/projects'],
  ] as const) {
    const refusal = await refusalOf(session, method, path);
    if (refusal === 401) {
      return closed('the broker does not know it; make one with "understudy keys create"');
    }
    if (refusal !== 403) scopes.push(scope);
  }
  return { finding: scopesFinding(scopes), scopes };
}

function closed(message: string): KeyCheck {
  return { finding: fail('key', message), scopes: [] };
}

function scopesFinding(scopes: readonly string[]): Finding {
  const good = `is good for ${scopes.join(', ') || 'nothing'}`;
  return scopes.includes('submit') && scopes.includes('read')
    ? ok('key', good)
    : warn('key', `${good}; submitting and waiting need submit and read`);
}

async function refusalOf(
  session: Session,
  method: 'GET' | 'POST',
  path: string,
): Promise<number | undefined> {
  try {
    await ask(session, method, path);
    return undefined;
  } catch (error) {
    // A broker that could not look has refused nothing, and let nobody in.
    if (error instanceof UnderstudyError && (error.status ?? 500) < 500) return error.status;
    throw error;
  }
}
