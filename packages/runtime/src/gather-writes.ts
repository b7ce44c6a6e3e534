import type { Redis } from 'ioredis';
import { atEndOfTurn } from './end-of-turn.ts';

/**
 * Sends what is asked of Redis in one turn of the event loop together: one system call here and one
 * there, where there was one for each command. ioredis's own pipelining of this kind waits for all
 * answers to one pipeline before it sends the next, and makes a promise more for each command.
 */
export function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  let gathering = false;
  redis.sendCommand = (command, stream) => {
    const { stream: socket } = redis;
    if (!gathering && socket !== undefined) {
      gathering = true;
      socket.cork();
      atEndOfTurn('writes', () => {
        gathering = false;
        socket.uncork();
      });
    }
    return send(command, stream);
  };
}
