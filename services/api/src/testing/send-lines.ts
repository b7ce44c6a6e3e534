import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Sends a request line and headers as no HTTP client would, and reads until the server closes. */
export async function sendLines(
  url: string,
  lines: readonly (string | Buffer)[],
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ending = ['Host: localhost', 'Connection: close', ''];
  const parts = [...lines, ...ending].flatMap((line) => [line, '\r\n']);
  socket.write(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
    ),
  );
  const text = (await buffer(socket)).toString('latin1');
  return { status: Number(text.split(' ', 2)[1]), text };
}
