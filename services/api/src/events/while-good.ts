import type { Followed } from './event-frames.ts';

/** Follows something as long as a key is good, and ends with it. */
interface FollowedWhileGood extends Followed {
  /** It may have been missed that the key is good no longer: the next look asks first. */
  doubt(): void;
}

/**
 * Asks before the first look as well: who let the listener in may have known the key from before it
 * was taken back, and the message that told of it came before the stream was there to be ended.
 * @param isGood where it cannot say, nothing is told and the next look asks again
 */
export function whileGood(isGood: () => Promise<boolean>, followed: Followed): FollowedWhileGood {
  let doubted = true;
  return {
    ...followed,
    look: async () => {
      if (doubted) {
        doubted = false;
        try {
          if (!(await isGood())) return { events: [], ended: true };
        } catch (error) {
          doubted = true;
          throw error;
        }
      }
      return followed.look();
    },
    doubt: () => {
      doubted = true;
    },
  };
}
