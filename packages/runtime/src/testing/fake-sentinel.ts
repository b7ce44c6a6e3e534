import type { Socket } from 'node:net';
import { listenForConnections } from './listen-for-connections.ts';

/** A sentinel, as far as a client of the broker asks one. */
export interface FakeSentinel {
  /** With one sentinel, for masters of this name. */
  urlOf(name: string): string;
  /** Names the server at this port of loopback, whoever asks. */
  namesMaster(port: number): void;
  /** Answers nobody who asks for the master, until told to. */
  hold(): { asked: Promise<void>; release: () => void };
  /** Says that the server at this port, of loopback or of a host, has become the master of this name. */
  tellPromotion(name: string, port: number, host?: string): void;
  listeners(): number;
  connections(): number;
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const list = (...replies: string[]): string => `*${replies.length}\r\n${replies.join('')}`;

/** Starts one that speaks RESP 2 on loopback until the test is over. */
export async function startFakeSentinel(masterPort: number): Promise<FakeSentinel> {
  let master = masterPort;
  let held: Record<'asked' | 'released', PromiseWithResolvers<void>> | undefined;
  const listeners = new Set<Socket>();

  const answer = async (socket: Socket, [command, argument = '']: string[]): Promise<void> => {
    const asks = `${command} ${argument}`.toLowerCase();
    if (asks.startsWith('hello')) {
      socket.write("-ERR unknown command 'HELLO'\r\n");
    } else if (asks === 'sentinel get-master-addr-by-name') {
      const named = master;
      held?.asked.resolve();
      await held?.released.promise;
      socket.write(list(bulk('127.0.0.1'), bulk(String(named))));
    } else if (asks === 'sentinel sentinels') {
      socket.write(list());
    } else if (asks.startsWith('subscribe')) {
      listeners.add(socket);
      socket.write(list(bulk('subscribe'), bulk(argument), ':1\r\n'));
    } else {
      socket.write('+OK\r\n');
    }
  };
  const { port, sockets } = await listenForConnections((socket) => {
    socket.on('close', () => listeners.delete(socket));
    socket.on('data', (chunk) => {
      for (const command of readCommands(chunk.toString())) void answer(socket, command);
    });
  });
  return {
    urlOf: (name) => `redis+sentinel://127.0.0.1:${port}/${name}`,
    namesMaster: (named) => (master = named),
    hold: () => {
      const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held = { asked, released };
      return { asked: asked.promise, release: released.resolve };
    },
    tellPromotion: (name, promoted, host = '127.0.0.1') => {
      const text = `${name} ${host} ${master} ${host} ${promoted}`;
      const message = list(bulk('message'), bulk('+switch-master'), bulk(text));
      for (const socket of listeners) socket.write(message);
    },
    listeners: () => listeners.size,
    connections: () => sockets.size,
  };
}

/** What a client wrote at once: each command is a list of strings with their lengths. */
function readCommands(text: string): string[][] {
  const commands = text.split(/(?=\*\d+\r\n\$)/);
  return commands.map((command) =>
    command.split('\r\n').filter((_, line) => line > 0 && line % 2 === 0),
  );
}
