/** The line of least squares through some points. @throws Error where they do not say which one */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): {
  intercept: number;
  slope: number;
} {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const run = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(run > 0)) throw new Error('a line needs two points that are apart');
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / run;
  return { intercept: meanY - slope * meanX, slope };
}
