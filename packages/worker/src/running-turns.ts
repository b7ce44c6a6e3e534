import type { JobReference } from '@understudy/job-store';

/** Why a running turn is stopped from outside. */
type StopReason = 'job_ended' | 'drain';

/** One turn that this process holds. */
export interface RunningTurn {
  job: JobReference;
  /** Aborted with a StopReason. */
  signal: AbortSignal;
  end(): void;
}

/** The turns this process holds, so that a cancel or a shutdown can reach their calls. */
export interface RunningTurns {
  start(job: JobReference): RunningTurn;
  /** Hangs up for every turn of this job. */
  stop(id: string, reason: StopReason): void;
  stopAll(reason: StopReason): void;
  jobs(): JobReference[];
}

export function createRunningTurns(): RunningTurns {
  const turns = new Map<AbortController, JobReference>();
  return {
    start: (job) => {
      const controller = new AbortController();
      turns.set(controller, job);
      return { job, signal: controller.signal, end: () => void turns.delete(controller) };
    },
    stop: (id, reason) => {
      for (const [controller, job] of turns) if (job.id === id) controller.abort(reason);
    },
    stopAll: (reason) => {
      for (const controller of turns.keys()) controller.abort(reason);
    },
    jobs: () => [...turns.values()],
  };
}
