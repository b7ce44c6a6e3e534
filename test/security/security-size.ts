/**
 * How much of a scenario is run: the short cut takes seconds and is part of every test run,
 * `UNDERSTUDY_SECURITY=full` (`pnpm test:security`) takes minutes and gives the figures of the report.
 */
export function securitySize<Size>(sizes: { full: Size; short: Size }): Size {
  return process.env['UNDERSTUDY_SECURITY'] === 'full' ? sizes.full : sizes.short;
}
