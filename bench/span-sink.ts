import { createServer } from 'node:http';

/** Takes whatever spans are sent to `PORT`, and throws them away. */
createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-protobuf' });
    response.end();
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
