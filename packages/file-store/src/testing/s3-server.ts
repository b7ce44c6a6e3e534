import { startFauxqs } from 'fauxqs';

/** Storage that speaks S3, as a process of its own: says its port, and lives until it is killed. */
const server = await startFauxqs({ port: 0, logger: false });
server.createBucket(process.argv[2] ?? '');
process.send?.(server.port);
