import { useNow } from './use-now.ts';
import { formatRelative } from './format-relative.ts';

/** An instant as seen from now, kept up to date; the full one on hovering. */
export function Instant({ at }: { at: string | undefined }) {
  const now = useNow();
  if (at === undefined) return <span class="muted">–</span>;
  return (
    <time dateTime={at} title={absolute(at)}>
      {formatRelative(Date.parse(at), now)}
    </time>
  );
}

const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** In the reader's own time zone, with the zone-free form beside it. */
export function absolute(at: string): string {
  return `${ABSOLUTE.format(Date.parse(at))} · ${at}`;
}
