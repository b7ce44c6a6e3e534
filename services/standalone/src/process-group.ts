import type { LogPrinter } from './log-printer.ts';
import type { ServiceProcess } from './service-list.ts';
import { StartError } from './start-error.ts';
import { superviseProcess, type SupervisedProcess } from './supervised-process.ts';

/** So often may a process end before the start is given up. */
const MOST_START_FAILURES = 3;

export interface ProcessGroup {
  /** Aborted, with a StartError as reason, when a process cannot start. */
  readonly failure: AbortSignal;
  /** @throws Error once the group is being stopped, so that nothing slips past the stop */
  start(
    process: ServiceProcess,
    env: Readonly<Record<string, string | undefined>>,
    onLine?: (line: string) => void,
  ): SupervisedProcess;
  /** From now on a process that ends is started again without limit. */
  started(): void;
  /** Stops the groups one after the other, the members of a group together. */
  stop(groups: readonly (readonly SupervisedProcess[])[], graceMs: number): Promise<void>;
  killAll(): void;
}

/** All processes of one start command: their output, restarts and end. */
export function createProcessGroup(printer: LogPrinter, say: (line: string) => void): ProcessGroup {
  const all: SupervisedProcess[] = [];
  const failure = new AbortController();
  let starting = true;
  let stopping = false;
  return {
    failure: failure.signal,
    start: ({ name, args, isQuiet }, env, onLine) => {
      if (stopping) throw new Error(`${name} is not started: everything stops`);
      const supervised = superviseProcess({
        name,
        args,
        env,
        onLine: (line) => {
          onLine?.(line);
          printer.print(name, line, isQuiet);
        },
        onUnexpectedEnd: ({ reason, failures, restartInMs }) => {
          if (starting && failures >= MOST_START_FAILURES) {
            const complaint = printer.lastComplaint(name) ?? 'see its messages with --verbose';
            failure.abort(new StartError(`${name} cannot start (${reason}): ${complaint}`));
          } else {
            say(`${name} ended (${reason}); it is started again in ${restartInMs / 1000} s`);
          }
        },
        onRunningAgain: () => say(`${name} runs again`),
      });
      all.push(supervised);
      return supervised;
    },
    started: () => {
      starting = false;
    },
    stop: async (groups, graceMs) => {
      stopping = true;
      for (const group of groups) await Promise.all(group.map((one) => one.stop(graceMs)));
    },
    killAll: () => {
      stopping = true;
      for (const one of all) one.kill();
    },
  };
}
