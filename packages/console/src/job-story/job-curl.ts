import type { Job } from '../api/contract.ts';

/** What is kept of a job, or written in a form, beside the request itself. */
export interface Resubmitted {
  endpoint: Job['endpoint'];
  priority?: number | 'high' | 'normal' | 'low';
  expires_in?: string;
  metadata?: Record<string, string>;
  max_cost?: number;
  providers?: Job['providers'];
  store?: false;
}

/**
 * A command that submits the same job again, the key taken from the environment.
 * @param body the request's JSON text, kept as it is
 * @param project to be named, where it is not the key's own
 */
export function curlOfSubmit(
  origin: string,
  job: Resubmitted,
  body: string,
  project: string | undefined,
): string {
  const members = [
    `"endpoint": ${JSON.stringify(job.endpoint)}`,
    `"body": ${body}`,
    ...member('priority', job.priority),
    ...member('expires_in', job.expires_in),
    ...member('metadata', job.metadata),
    ...member('max_cost', job.max_cost),
    ...member('providers', job.providers),
    ...member('store', job.store),
  ];
  return [
    `curl -s ${origin}/v1/jobs \\`,
    `  -H "Authorization: Bearer $UNDERSTUDY_API_KEY" \\`,
    ...projectOption(project).map((option) => `  ${option} \\`),
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(`{${members.join(', ')}}`)}`,
  ].join('\n');
}

/** A command that asks for a job and waits for its end. @param project as of `curlOfSubmit` */
export function curlOfJob(origin: string, id: string, project: string | undefined): string {
  return [
    `curl -s ${origin}/v1/jobs/${id} -H "Authorization: Bearer $UNDERSTUDY_API_KEY"`,
    ...projectOption(project),
    `-H 'Prefer: wait=30'`,
  ].join(' ');
}

function projectOption(project: string | undefined): string[] {
  return project === undefined ? [] : [`-H ${quoted(`Understudy-Project: ${project}`)}`];
}

function member(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`"${name}": ${JSON.stringify(value)}`];
}

/** As one word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
