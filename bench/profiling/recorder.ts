/**
 * Loaded before a service (`node --import`), records the CPU of its main thread between two messages
 * of the process that started it. `node --cpu-prof` would record the start and the warm-up too.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { RECORDER_ANSWER, type RecorderMessage } from './recorder-message.ts';

const SAMPLE_EVERY_MICROSECONDS = 500;

const session = new Session();

async function obey(message: RecorderMessage): Promise<void> {
  if (message.kind === 'start') {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROSECONDS });
    await session.post('Profiler.start');
  } else {
    const { profile } = await session.post('Profiler.stop');
    await writeFile(message.path, JSON.stringify(profile));
    session.disconnect();
  }
  process.send?.(RECORDER_ANSWER);
}

process.on('message', (message: RecorderMessage) => void obey(message));
// The service ends when it wants to, whoever still listens.
process.channel?.unref();
