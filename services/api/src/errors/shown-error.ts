/** An error as far as callers see it, in whichever vendor's words they read it. */
export interface ShownError {
  status: number;
  code: string;
  message: string;
  /** Path of the offending member, where there is one. */
  param?: string | undefined;
  /** The family of the error, in the words of the provider that gave it. */
  type?: string;
  /** Limits in the way, of a caller that wants more than it may have. */
  violated?: readonly { name: string }[];
}

/** What a job that did not complete has come to, for one who waited for its answer. */
export class JobNotCompleted extends Error implements ShownError {
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly type?: string;

  constructor({ message, status, code, param, type }: ShownError) {
    super(message);
    this.name = 'JobNotCompleted';
    this.status = status;
    this.code = code;
    this.param = param;
    if (type !== undefined) this.type = type;
  }
}
