import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

type Moment = 'before' | 'sent' | 'after';

/** A step of a job's life at which the process that takes it can be made to die. */
interface Step {
  name: string;
  /** Which jobs lead there; see the routes of the scenario. */
  route: 'plain' | 'hand-over' | 'wait';
  /** As `kill-point.ts` names it. */
  command: string;
  containing?: readonly string[];
  moments?: readonly Moment[];
}

export interface KillPoint extends Step {
  service: 'worker-openai-compatible' | 'api' | 'scheduler';
  moment: Moment;
}

const EVERY_MOMENT: readonly Moment[] = ['before', 'sent', 'after'];
/** How a record's progress says that the job stands in a queue, or in waiting rooms. */
const IN_QUEUE = '"q":{"p":';
const IN_ROOMS = '"place":{"kind":"waiting"';

/** The script that numbers a turn, where it puts its entry into the queue. */
const ENTER = { command: 'take-number', containing: ['"turn":'] };

const WORKER_STEPS: readonly Step[] = [
  { name: 'fetch', route: 'plain', command: 'exchange-turns', moments: ['after'] },
  { name: 'begin', route: 'plain', command: 'begin' },
  { name: 'call', route: 'plain', command: 'call', moments: ['after'] },
  {
    name: 'settle',
    route: 'plain',
    command: 'transition',
    containing: ['"status":"completed"'],
  },
  // The same script, but where it names an entry that ends.
  { name: 'leave the queue', route: 'plain', command: 'exchange-turns', containing: ['job_'] },
  { name: 'cool the target', route: 'hand-over', command: 'report-failure' },
  {
    name: 'hand over on the record',
    route: 'hand-over',
    command: 'transition',
    containing: ['"status":"queued"', IN_QUEUE],
  },
  { name: 'enter the next queue', route: 'hand-over', ...ENTER },
  {
    name: 'wait on the record',
    route: 'wait',
    command: 'transition',
    containing: ['"status":"queued"', IN_ROOMS],
  },
  { name: 'enter the waiting room', route: 'wait', command: 'zadd', containing: [':waiting:'] },
];

const API_STEPS: readonly Step[] = [
  { name: 'submit', route: 'plain', command: 'submit' },
  { name: 'enter the first queue', route: 'plain', ...ENTER },
];

const SCHEDULER_STEPS: readonly Step[] = [
  {
    name: 'wake on the record',
    route: 'wait',
    command: 'transition',
    containing: ['"status":"queued"', IN_QUEUE],
  },
  { name: 'enter the queue again', route: 'wait', ...ENTER },
  { name: 'leave the waiting room', route: 'wait', command: 'zrem', containing: [':waiting:'] },
];

function pointsOf(service: KillPoint['service'], steps: readonly Step[]): KillPoint[] {
  return steps.flatMap((step) =>
    (step.moments ?? EVERY_MOMENT).map((moment) => ({ ...step, service, moment })),
  );
}

export const WORKER_POINTS = pointsOf('worker-openai-compatible', WORKER_STEPS);
export const API_POINTS = pointsOf('api', API_STEPS);
export const SCHEDULER_POINTS = pointsOf('scheduler', SCHEDULER_STEPS);

/** What arms a service: it kills itself at the point, the first time it gets there. */
export function armedWith({ command, containing = [], moment }: KillPoint): Record<string, string> {
  const preload = pathToFileURL(join(import.meta.dirname, 'kill-point.ts')).href;
  return {
    NODE_OPTIONS: `--import=${preload}`,
    UNDERSTUDY_KILL_POINT: JSON.stringify({ command, containing, moment }),
  };
}

export function nameOf({ service, name, moment }: KillPoint): string {
  return `${service}: ${name}, ${moment}`;
}
