import type { Project } from '@understudy/client';
import { formatMoney } from '../../components/format-money.ts';

type Limits = NonNullable<Project['limits']>;
type Use = NonNullable<Project['use']>;

export interface LimitLine {
  name: string;
  /** Undefined where nobody counts it. */
  used: number | undefined;
  limit: number | undefined;
  format: (value: number) => string;
}

const KILO = 1000;
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `12.3 MB`; decimal units, as storage is billed. */
export function formatBytes(bytes: number): string {
  const step = bytes < KILO ? 0 : Math.min(4, Math.floor(Math.log(bytes) / Math.log(KILO)));
  const value = bytes / KILO ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`;
}

const plain = (value: number): string => value.toLocaleString();

/** What is used of what is limited; what is neither limited nor used is left out. */
export function limitLines(limits: Limits = {}, use: Partial<Use> = {}): LimitLine[] {
  const lines: LimitLine[] = [
    {
      name: 'Requests per minute',
      used: use.requests_per_minute,
      limit: limits.requests_per_minute,
      format: plain,
    },
    { name: 'Jobs waiting', used: use.jobs_waiting, limit: limits.jobs_waiting, format: plain },
    {
      name: 'Files',
      used: use.bytes_stored,
      limit: limits.bytes_stored,
      format: formatBytes,
    },
    {
      name: 'Spent today',
      used: use.spend_per_day,
      limit: limits.spend_per_day,
      format: formatMoney,
    },
  ];
  return lines.filter(({ used, limit }) => used !== undefined || limit !== undefined);
}

/** Where the jobs of a project may go: `only eu-1, eu-2`. */
export function providersText({ only, except }: NonNullable<Project['providers']>): string {
  return [
    ...(only === undefined ? [] : [`only ${only.join(', ')}`]),
    ...(except === undefined ? [] : [`none of ${except.join(', ')}`]),
  ].join(', ');
}

/** The limits of a key in a line: `60 requests/min, routes opus`. */
export function limitsText(limits: Limits | undefined): string {
  if (limits === undefined) return '';
  const { requests_per_minute: requests, jobs_waiting: jobs, bytes_stored: bytes } = limits;
  return [
    requests === undefined ? '' : `${requests.toLocaleString()} requests/min`,
    jobs === undefined ? '' : `${jobs.toLocaleString()} jobs waiting`,
    bytes === undefined ? '' : formatBytes(bytes),
    limits.spend_per_day === undefined ? '' : `${formatMoney(limits.spend_per_day)} a day`,
    limits.highest_priority === undefined ? '' : `priority ${limits.highest_priority} at best`,
    limits.routes === undefined ? '' : `routes ${limits.routes.join(', ')}`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}
