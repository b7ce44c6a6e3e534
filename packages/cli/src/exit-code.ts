/** What the command's exit codes mean; scripts rely on them. */
export const EXIT = {
  ok: 0,
  /**
   * A job, or lines of a batch, did not complete, or not within --timeout; a limit of the key or its
   * project is used up; or a check of the doctor failed.
   */
  failed: 1,
  /** The command line or an input file is not right. */
  usage: 2,
  /** The broker does not answer, or does not let this key in. */
  unreachable: 3,
  notFound: 4,
  /** By Ctrl-C, as shells count: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    a job or lines of a batch failed or took longer than --timeout, a limit of the key or its
       project is used up, or a check of the doctor failed
  2    the command line or an input file is not right
  3    the broker does not answer, or refuses the key
  4    no such job, batch, key, …
  130  interrupted`;
