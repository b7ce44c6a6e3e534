/** A target of an explained route: the members read here. */
export interface RouteTarget {
  target: string;
  provider: string;
  share?: number | undefined;
  fallback?: boolean | undefined;
  state: string;
}

/** What would become of a job at a target: `taken`, if it gets there; `waits` and `passed` do not call. */
export type TargetFate = 'taken' | 'probed' | 'waits' | 'passed';

export interface StateWords {
  fate: TargetFate;
  /** A few words, for a pill. */
  label: string;
  /** What it means for a job. */
  meaning: string;
}

const WORDS: Record<string, StateWords> = {
  open: { fate: 'taken', label: 'open', meaning: 'It would be called.' },
  probing: {
    fate: 'probed',
    label: 'probing',
    meaning: 'Its cool-down is over; one job at a time tries whether it serves again.',
  },
  cooling_down: {
    fate: 'waits',
    label: 'cooling down',
    meaning: 'Passed over until its cool-down ends; a job waits for it if no other target is open.',
  },
  paused: {
    fate: 'waits',
    label: 'paused',
    meaning: 'The operator paused it; jobs go on to the next target or wait until it is resumed.',
  },
  down: { fate: 'waits', label: 'down', meaning: 'As you asked: thought of as down.' },
  no_worker: {
    fate: 'waits',
    label: 'no worker',
    meaning: 'No live worker serves it; start one, and jobs are taken again.',
  },
  stale_name: {
    fate: 'passed',
    label: 'stale name',
    meaning:
      'It said that it knows no such model; called again after a while, or as a last resort.',
  },
  unmapped: {
    fate: 'passed',
    label: 'unmapped',
    meaning: 'Nobody knows its name for this model; name it in the route or under its models.',
  },
  retired: {
    fate: 'passed',
    label: 'retired',
    meaning: 'The vendor has taken the model out of service.',
  },
  dialect_unsupported: {
    fate: 'passed',
    label: 'other dialect',
    meaning: 'It cannot be asked in this wire format.',
  },
  provider_excluded: {
    fate: 'passed',
    label: 'excluded',
    meaning: 'A rule of the route or the project keeps its jobs from this provider.',
  },
  window_too_small: {
    fate: 'passed',
    label: 'window too small',
    meaning: 'The request is longer than what the model takes.',
  },
};

/** What a state of `GET /v1/routes/{model}` means; a rule that is not known here stands for itself. */
export function stateWords(state: string): StateWords {
  const words = WORDS[state];
  if (words !== undefined) return words;
  const label = state.replaceAll('_', ' ');
  return { fate: 'passed', label, meaning: 'A job would pass this target over.' };
}

/** In one sentence: where a job would go now. */
export function foretell(targets: readonly RouteTarget[]): string {
  if (targets.length === 0) return 'This route has no target.';
  const fated = (fate: TargetFate): RouteTarget[] =>
    targets.filter(({ state }) => stateWords(state).fate === fate);
  const [first] = fated('taken');
  const [probed] = fated('probed');
  if (first === undefined) {
    if (probed !== undefined) {
      return `No target is open: a job would try ${probed.target}, unless one tries it already.`;
    }
    return fated('waits').length > 0
      ? 'No target is open: a job would be accepted and wait for the first that opens.'
      : 'No target can ever take this: a job would fail.';
  }
  const before = targets.indexOf(first);
  if (first.share !== undefined && first.share < 1) {
    const percent = Math.round(first.share * 100);
    return `A job is drawn by weight; ${percent} % would be answered by ${first.target}.`;
  }
  if (probed !== undefined && targets.indexOf(probed) < before) {
    return `A job would try ${probed.target}, or go to ${first.target} while one tries it already.`;
  }
  if (before === 0) return `A job would go to ${first.target}.`;
  const passed = before === 1 ? 'one target' : `${before} targets`;
  return `A job would pass ${passed} over and go to ${first.target}.`;
}
