/** Amounts are counted in billionths of a USD: whole numbers, which add up exactly. */
export const NANOS_PER_USD = 1_000_000_000;
