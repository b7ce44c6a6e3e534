/** Strokes on a grid of 16. */
const PATHS = {
  overview: 'M2 13.5h12M4 11V7M8 11V3M12 11V5.5',
  jobs: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  providers: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  routes: 'M3 3v4a3 3 0 0 0 3 3h7M10.5 7.5 13 10l-2.5 2.5M3 13v-1',
  batches: 'M8 2 2.5 5 8 8l5.500-3zM2.500 8 8 11l5.500-3M2.500 11 8 14l5.500-3',
  deliveries: 'M14 2 7 9M14 2l-4.500 12L7 9 2 6.500z',
  keys: 'M10.500 9.500a4 4 0 1 0-4-4c0 .5.1 1 .3 1.400L2 11.700V14h2.500v-1.500H6V11l2.900-1.800c.5.2 1 .3 1.600.3zM11.500 4.500h.01',
  playground: 'M4.500 2.500v11l9-5.500z',
  copy: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z',
  check: 'm3 8.500 3.500 3.500L13 4.500',
  close: 'm4 4 8 8M12 4l-8 8',
  menu: 'M2 4h12M2 8h12M2 12h12',
  filter: 'M2 3.500h12M4.500 8h7M6.500 12.500h3',
  refresh: 'M13.500 8a5.500 5.500 0 1 1-1.600-3.900M13.500 2v3h-3',
  next: 'M3 8h10M9 4l4 4-4 4',
  warning: 'M8 2.500 14.500 13.500h-13zM8 6.500v3M8 11.500h.01',
  sun: 'M8 5.250a2.750 2.750 0 1 0 0 5.500 2.750 2.750 0 0 0 0-5.500M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  leave: 'M9.500 2.500h-6v11h6M6.500 8h7M11 5.500 13.500 8 11 10.500',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside a word, or in a control that has a label of its own. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
