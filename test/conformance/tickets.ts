/** What a job asks the model for; the model behind aimock answers by it. */
export const CASES = ['plain', 'tool-call', 'multi-turn', 'json-schema'] as const;
export type Case = (typeof CASES)[number];
/** A case, or the question and nothing beside it. */
export type Asked = Case | 'bare';

const TICKET = /\(ticket ([^\s()]+)\)/;

/** A text by which a job is known in whatever dialect it arrives. */
export function writeTicket(caller: string, target: string, asked: string): string {
  return `(ticket ${caller}:${target}:${asked})`;
}

/** The ticket without its brackets. */
export function findTicket(said: string): string | undefined {
  return TICKET.exec(said)?.[1];
}
