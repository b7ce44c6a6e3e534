import type { Contender, ContenderName } from './contender.ts';

export type Rounds<Measured> = Partial<Record<ContenderName, Measured[]>>;

/**
 * Lets the contenders take turns. Each round starts with another one, so that a drift of the
 * machine hits all alike.
 */
export async function interleaved<Measured>(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<Measured>,
): Promise<Rounds<Measured>> {
  const measured: Rounds<Measured> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      (measured[contender.name] ??= []).push(await measure(contender));
    }
  }
  return measured;
}
