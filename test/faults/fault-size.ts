/**
 * How much of a scenario is run: the short cut takes seconds and is part of every test run,
 * `UNDERSTUDY_FAULTS=full` takes minutes and gives the figures of the report.
 */
export function faultSize<Size>(sizes: { full: Size; short: Size }): Size {
  return process.env['UNDERSTUDY_FAULTS'] === 'full' ? sizes.full : sizes.short;
}

/** Says what a scenario measured, for the report. */
export function sayFigures(scenario: string, figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${scenario}: ${JSON.stringify(figures)}\n`);
}
