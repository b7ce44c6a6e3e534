/** A colour and a texture, which tell series apart without colour too. */
export type ChartTone = 'good' | 'bad' | 'warn' | 'muted' | 'a' | 'b' | 'c' | 'd';

export interface ChartSeries {
  label: string;
  tone: ChartTone;
  /** One for each of the chart's times. */
  values: readonly number[];
}

/** A clock time, as the reader's language writes it. */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
