import type { JsonObject } from '@understudy/provider';

/** An event that has no number yet. */
export interface PlainEvent extends JsonObject {
  type: string;
}

/** Where in a Response an event belongs. */
export interface EventPlace extends JsonObject {
  item_id: string;
  output_index: number;
}
