import { useState } from 'preact/hooks';

export interface Action<Given extends unknown[]> {
  run(...given: Given): void;
  isBusy: boolean;
  /** Why the last run did not work. */
  error: unknown;
}

/** Something that a person starts: whether it is under way, and why it did not work. */
export function useAction<Given extends unknown[]>(
  work: (...given: Given) => Promise<unknown>,
): Action<Given> {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = (...given: Given): void => {
    setIsBusy(true);
    setError(undefined);
    work(...given)
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
  return { run, isBusy, error };
}
