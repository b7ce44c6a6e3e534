import { connect } from 'node:net';

/** What a server did with bytes that may be no HTTP at all. */
export interface RawAnswer {
  /** Of the first answer; undefined where the server closed the connection without one. */
  status: number | undefined;
  /** All that came, as latin1: every byte is one character. */
  text: string;
  durationMs: number;
  /** True where the client gave up before the server closed the connection. */
  abandoned: boolean;
}

export interface RawCall {
  /** Sent one after the other, each once the one before has been handed to the system. */
  parts: readonly Uint8Array[];
  /** How long the client listens. */
  patienceMs: number;
  /** Ends the client's side after the last part; a server then knows that no more comes. */
  half?: boolean;
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3})/;
/** Never comes to an end by itself. */
const EVENT_STREAM = /\r\ncontent-type: text\/event-stream[^]*\r\n\r\n/i;

/** Sends bytes that no HTTP client would, and reads until the server closes the connection. */
export function sendRaw(url: string, { parts, patienceMs, half }: RawCall): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const chunks: Buffer[] = [];
    let abandoned = false;
    const patience = setTimeout(() => {
      abandoned = true;
      socket.destroy();
    }, patienceMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length < 4 && EVENT_STREAM.test(textOf(chunks))) socket.destroy();
    });
    // A server that cuts the connection while bytes still come is within its rights.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(patience);
      const text = textOf(chunks);
      const [, status] = STATUS_LINE.exec(text) ?? [];
      const durationMs = performance.now() - startedAt;
      resolve({
        status: status === undefined ? undefined : Number(status),
        text,
        durationMs,
        abandoned,
      });
    });
    for (const part of parts) socket.write(part);
    if (half === true) socket.end();
  });
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('latin1');
}
