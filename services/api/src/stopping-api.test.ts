import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { API_KEY, startTestApi } from './testing/start-test-api.ts';

test.each([
  ['/v1/jobs', /"code":"unavailable"/, 'application/problem+json'],
  [
    '/v1/models',
    /"error":{"message":"this API is stopping; ask again"/,
    'application/problem+json',
  ],
  ['/anthropic/v1/models', /"type":"error".*"type":"(?:api|overloaded)_error"/, 'application/json'],
])(
  'one more request to %s, on a connection that was kept, is told that the API stops',
  async (path, body, contentType) => {
    const api = await startTestApi();
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${API_KEY}\r\n\r\n`;
    socket.write(request);
    await expect.poll(() => text).toMatch(/^HTTP\/1\.1 200 /);
    text = '';
    const closing = api.app.close();
    socket.write(request);
    await once(socket, 'close');
    await closing;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
    expect(text).toMatch(/\r\nx-request-id: req_/i);
    expect(text).toContain(`content-type: ${contentType}`);
    expect(text).toMatch(body);
  },
);
