import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface NameServer {
  /** As a resolver takes it. */
  address: string;
  /** Names that were asked for, each once, however often and for whatever. */
  asked(): readonly string[];
}

const HEAD_BYTES = 12;
const TYPE_A = 1;
const INTERNET = 1;

/**
 * A name server on loopback that knows IPv4 addresses of some names, and never answers for another;
 * closed after the test.
 * @param known one address of each name; undefined for a name that has none
 */
export async function startNameServer(
  known: Readonly<Record<string, string | undefined>>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked = new Set<string>();
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    asked.add(name);
    if (!Object.hasOwn(known, name)) return;
    const found = type === TYPE_A ? known[name] : undefined;
    socket.send(answerTo(query.subarray(0, end), found), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked: () => [...asked] };
}

/** The one question of a query (RFC 1035, section 4.1.2); it ends before `end`. */
function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEAD_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(question: Buffer, address: string | undefined): Buffer {
  const head = Buffer.from(question.subarray(0, HEAD_BYTES));
  // An answer without an error, of a server that asks others.
  head.writeUInt16BE(0x8180, 2);
  const counts = [1, address === undefined ? 0 : 1, 0, 0];
  for (const [index, count] of counts.entries()) head.writeUInt16BE(count, 4 + 2 * index);
  const parts = [head, question.subarray(HEAD_BYTES)];
  if (address !== undefined) {
    const record = Buffer.alloc(12);
    // The name is that of the question; nobody is to keep the answer.
    record.writeUInt16BE(0xc000 + HEAD_BYTES, 0);
    record.writeUInt16BE(TYPE_A, 2);
    record.writeUInt16BE(INTERNET, 4);
    record.writeUInt16BE(4, 10);
    parts.push(record, Buffer.from(address.split('.').map(Number)));
  }
  return Buffer.concat(parts);
}
