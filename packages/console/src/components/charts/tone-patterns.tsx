import type { ChartTone } from './chart-series.ts';

/** Lines laid over the colour of a tone; a tone without one is plain. */
const TEXTURES: Partial<Record<ChartTone, string>> = {
  bad: 'M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2',
  warn: 'M0,3 h6',
  b: 'M3,0 v6',
  c: 'M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2',
  d: 'M0,3 h6 M3,0 v6',
};

/** To stand once in each SVG whose parts are filled by `toneFill`. */
export function TonePatterns({ chart, tones }: { chart: string; tones: readonly ChartTone[] }) {
  return (
    <defs>
      {tones.map((tone) => (
        <pattern
          key={tone}
          id={patternId(chart, tone)}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
        >
          <rect width="6" height="6" class={`tone tone-${tone}`} />
          {TEXTURES[tone] !== undefined && <path d={TEXTURES[tone]} class="tone-texture" />}
        </pattern>
      ))}
    </defs>
  );
}

/** @param chart an id that no other chart of the page has */
export function toneFill(chart: string, tone: ChartTone): string {
  return `url(#${patternId(chart, tone)})`;
}

export function ToneSwatch({ tone, isLine }: { tone: ChartTone; isLine: boolean }) {
  const texture = TEXTURES[tone];
  return (
    <svg class="chart-swatch" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {isLine ? (
        <path d="M0,6 h12" class={`chart-line tone-${tone}`} />
      ) : (
        <>
          <rect width="12" height="12" rx="2" class={`tone tone-${tone}`} />
          {texture !== undefined && (
            <path d={texture} class="tone-texture" transform="scale(2)" stroke-width="0.5" />
          )}
        </>
      )}
    </svg>
  );
}

function patternId(chart: string, tone: ChartTone): string {
  return `${chart}-${tone}`;
}
