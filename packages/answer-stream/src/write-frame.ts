/** What ends a stream of chat completion chunks. */
export const DONE_FRAME = 'data: [DONE]\n\n';

/** An event without a name, as chat completions have them. */
export function dataFrame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

interface TypedEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** An event that says its type before its data too. */
export function typedFrame(event: TypedEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
