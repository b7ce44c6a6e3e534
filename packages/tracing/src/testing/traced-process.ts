import { registerHooks } from 'node:module';
import { createLogger } from '@understudy/runtime';

/** A service of its own: makes one span, closes, and says what it loaded and how long closing took. */
const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
const { startSpan, traced } = await import('../index.ts');

const logger = createLogger('test', 'warn');
const start = traced('test', logger, async () => ({ close: async () => undefined }));
const service = await start(() => undefined);
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
startSpan('create job', { traceparent }, { kind: 'producer' }).end();
const closedAt = performance.now();
await service.close();
const closingMs = performance.now() - closedAt;
const loadedSdk = loaded.some((url) => url.includes('sdk-trace'));
process.stdout.write(`${JSON.stringify({ loadedSdk, closingMs })}\n`);
process.exit(0);
