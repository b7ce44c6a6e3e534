/** How a status looks; its word stands in it, so colour never speaks alone. */
const TONES: Readonly<Record<string, Tone>> = {
  queued: 'quiet',
  in_progress: 'busy',
  completed: 'good',
  succeeded: 'good',
  delivered: 'good',
  failed: 'bad',
  dead: 'bad',
  expired: 'warn',
  interrupted: 'warn',
  skipped: 'quiet',
  pending: 'busy',
  cancelled: 'quiet',
};

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

export interface StatusPillProps {
  status: string;
  /** Where the status itself does not say it. */
  tone?: Tone;
}

export function StatusPill({ status, tone }: StatusPillProps) {
  return (
    <span class={`pill ${tone ?? TONES[status] ?? 'quiet'}`}>{status.replaceAll('_', ' ')}</span>
  );
}
