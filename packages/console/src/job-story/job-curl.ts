import type { Job } from '../api/contract.ts';

/** What is kept of a job, or written in a form, beside the request itself. */
export interface Resubmitted {
  endpoint: Job['endpoint'];
  priority?: number | 'high' | 'normal' | 'low';
  expires_in?: string;
  metadata?: Record<string, string>;
  max_cost?: number;
}

/**
 * A command that submits the same job again, the key taken from the environment.
 * @param body the request's JSON text, kept as it is
 */
export function curlOfSubmit(origin: string, job: Resubmitted, body: string): string {
  const members = [
    `"endpoint": ${JSON.stringify(job.endpoint)}`,
    `"body": ${body}`,
    ...member('priority', job.priority),
    ...member('expires_in', job.expires_in),
    ...member('metadata', job.metadata),
    ...member('max_cost', job.max_cost),
  ];
  return [
    `curl -s ${origin}/v1/jobs \\`,
    `  -H "Authorization: Bearer $UNDERSTUDY_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(`{${members.join(', ')}}`)}`,
  ].join('\n');
}

/** A command that asks for a job and waits for its end. */
export function curlOfJob(origin: string, id: string): string {
  return `curl -s ${origin}/v1/jobs/${id} -H "Authorization: Bearer $UNDERSTUDY_API_KEY" -H 'Prefer: wait=30'`;
}

function member(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`"${name}": ${JSON.stringify(value)}`];
}

/** As one word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
