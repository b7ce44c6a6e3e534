import type { Command, Redis } from 'ioredis';

/** How often commands that wait are looked at. */
const LOOK_INTERVAL_MS = 50;

/** Commands that were sent between two looks. */
interface Sent {
  /** When the later of the two was. */
  at: number;
  commands: Command[];
}

/**
 * Rejects what Redis has not answered for `timeoutMs`, or up to two looks longer, as the option
 * `commandTimeout` of ioredis does with a timer for each command: setting it, and taking it back, took
 * longer than writing the command.
 *
 * What was given up is never sent again. ioredis keeps what Redis has not answered for the next
 * connection, to the server itself or to one that has taken its place, where a command would be carried
 * out long after its caller was told that it had failed.
 */
export function limitWaits(redis: Redis, timeoutMs: number): void {
  const send = redis.sendCommand.bind(redis);
  let recent: Command[] = [];
  let earlier: Sent[] = [];
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    const now = performance.now();
    earlier.push({ at: now, commands: recent });
    recent = [];
    for (const sent of earlier) {
      // What was answered is let go of: its arguments may be large.
      sent.commands = sent.commands.filter(({ isSettled }) => !isSettled);
      if (now - sent.at >= timeoutMs) giveUp(sent.commands);
    }
    earlier = earlier.filter(({ at, commands }) => commands.length > 0 && now - at < timeoutMs);
    timer = earlier.length > 0 ? setTimeout(look, LOOK_INTERVAL_MS) : undefined;
  };

  redis.sendCommand = (command, stream) => {
    // A pipeline is given up at one look, and so sent again as a whole or not at all.
    if (command.isSettled) return command.promise;
    recent.push(command);
    timer ??= setTimeout(look, LOOK_INTERVAL_MS);
    return send(command, stream);
  };
}

function giveUp(commands: readonly Command[]): void {
  // In the words of ioredis.
  for (const command of commands) command.reject(new Error('Command timed out'));
}
