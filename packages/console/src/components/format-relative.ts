import { formatDuration } from './format-duration.ts';

const JUST_NOW_MS = 2000;

/** `12 s ago`, `in 3 min`, `just now`: whole units, which do not flicker and are read at a glance. */
export function formatRelative(at: number, now: number): string {
  const apartMs = Math.abs(now - at);
  if (apartMs < JUST_NOW_MS) return 'just now';
  const [largest = '', unit] = formatDuration(apartMs).split(' ');
  const text = `${Math.floor(Number(largest))} ${unit}`;
  return at < now ? `${text} ago` : `in ${text}`;
}
