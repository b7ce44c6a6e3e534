/** What is to be done when a turn of the event loop ends, in this order. */
interface EndOfTurn {
  /** Asks for what was gathered. */
  calls: (() => void)[];
  /** Sends what was asked for. */
  writes: (() => void)[];
}

let ending: EndOfTurn | undefined;

/**
 * Does something when everything else of this turn of the event loop is done, answers from all
 * connections included. Calls come before writes, so what they ask for goes out with the rest.
 * @param work does not throw
 */
export function atEndOfTurn(kind: keyof EndOfTurn, work: () => void): void {
  ending ??= endingOfThisTurn();
  ending[kind].push(work);
}

function endingOfThisTurn(): EndOfTurn {
  const begun: EndOfTurn = { calls: [], writes: [] };
  setImmediate(() => {
    // A call may make one more of either.
    for (const call of begun.calls) call();
    ending = undefined;
    for (const write of begun.writes) write();
  });
  return begun;
}
