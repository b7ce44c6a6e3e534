/** Where the model says that a job stands. */
export type ModelPlace = { kind: 'queue'; provider: string } | { kind: 'waiting' };

/** A start as the worker that made it remembers it, however late. */
export interface ModelHolder {
  turn: number;
  token: number;
  provider: string;
}

/** What a job must look like after everything that has happened to it. */
export interface JobModel {
  status: 'none' | 'queued' | 'in_progress' | 'completed' | 'cancelled' | 'expired';
  turn: number;
  token: number;
  /** Outcomes of its attempts, in order; late answers replace the interrupted one they belong to. */
  attempts: { outcome: string; token: number }[];
  place: ModelPlace;
  /** Targets of this round that were tried. */
  visited: string[];
  /** False while a crash keeps the job from standing where its record says. */
  placed: boolean;
  /** Workers that still live and believe that they hold the job. */
  holders: ModelHolder[];
  expiresAt: number;
}

/** In the order of the route. */
export const TARGETS = ['a', 'b'];

export function newModel(): JobModel {
  return {
    status: 'none',
    turn: 0,
    token: 0,
    attempts: [],
    place: { kind: 'waiting' },
    visited: [],
    placed: false,
    holders: [],
    expiresAt: Infinity,
  };
}

export function isUnfinished({ status }: JobModel): boolean {
  return status === 'queued' || status === 'in_progress';
}

/** To the next target of the round, or into a wait after the last. */
export function moveOn(model: JobModel, placed: boolean): void {
  const next = TARGETS.find((target) => !model.visited.includes(target));
  model.status = 'queued';
  model.turn += 1;
  model.placed = placed;
  model.visited = next === undefined ? [] : [...model.visited, next];
  model.place = next === undefined ? { kind: 'waiting' } : { kind: 'queue', provider: next };
}

export function end(model: JobModel, status: 'completed' | 'cancelled' | 'expired'): void {
  if (model.status === 'in_progress' && status !== 'completed') {
    model.attempts.push({ outcome: 'cancelled', token: model.token });
  }
  model.status = status;
  model.turn += 1;
}

/** An answer ends the job also when a newer start holds it, whose call is then hung up. */
export function answer(model: JobModel, holder: ModelHolder): void {
  const isHolder = model.status === 'in_progress' && model.token === holder.token;
  const success = { outcome: 'succeeded', token: holder.token };
  if (isHolder) {
    model.attempts.push(success);
  } else {
    const standing = model.attempts.findLastIndex(({ token }) => token === holder.token);
    if (standing >= 0) model.attempts[standing] = success;
    else model.attempts.push(success);
    if (model.status === 'in_progress') {
      model.attempts.push({ outcome: 'cancelled', token: model.token });
    }
  }
  model.status = 'completed';
  model.turn += 1;
}
