import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FileSettings } from '@understudy/configuration';

const BUCKET = 'understudy-files';

/** What the server asks for as credentials, as the environment of whoever uses it. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'key-id', AWS_SECRET_ACCESS_KEY: 'secret' };

export interface S3Storage {
  /** Its bucket, with a prefix that nobody else has. */
  newSettings(): NonNullable<FileSettings['s3']> & { endpoint: string; prefix: string };
  stop(): Promise<void>;
}

/** Storage that speaks S3, in a process of its own. */
export async function startS3Storage(): Promise<S3Storage> {
  const server = fork(new URL('./s3-server.ts', import.meta.url), [BUCKET], { execArgv: [] });
  const [port] = await once(server, 'message');
  let prefixes = 0;
  return {
    newSettings: () => {
      prefixes += 1;
      return {
        bucket: BUCKET,
        endpoint: `http://127.0.0.1:${port}`,
        prefix: `/broker-${prefixes}/`,
      };
    },
    stop: async () => {
      server.kill();
      await once(server, 'exit');
    },
  };
}
