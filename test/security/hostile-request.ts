/** A request as it goes over the wire; nothing of it need be valid. */
export interface HostileRequest {
  /** The endpoint that it was made for, by method and path: what it became may miss it. */
  operation: string;
  method: string;
  /** Path and query. */
  target: string;
  /** Latin1: every character is one byte. */
  headers: readonly (readonly [name: string, value: string])[];
  body?: Uint8Array;
}

/** The bytes of one request after which the server shall close the connection. */
export function requestBytes({ method, target, headers, body }: HostileRequest): Buffer {
  const framing = body === undefined ? [] : [['content-length', String(body.byteLength)] as const];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: 127.0.0.1',
    ...[...headers, ...framing].map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body ?? Buffer.alloc(0)]);
}

/** For the message of a test that failed: what to send again, cut to what a person reads. */
export function described({ method, target, headers, body }: HostileRequest): string {
  const lines = headers.slice(0, 20).map(([name, value]) => `${name}: ${cut(value)}`);
  const content = body === undefined ? '' : cut(Buffer.from(body).toString('latin1'));
  return [cut(`${method} ${target}`), ...lines, '', content].join('\n');
}

function cut(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text;
}
