/** What the bench says to the recorder in a service. */
export type RecorderMessage = { kind: 'start' } | { kind: 'stop'; path: string };

/** The recorder's answer to each, once it is done. */
export const RECORDER_ANSWER = { recorder: 'done' } as const;

export function isRecorderAnswer(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'recorder' in message;
}
