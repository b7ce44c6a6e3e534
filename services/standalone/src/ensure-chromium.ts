import { ensureChromium } from './install-chromium.ts';
import { StartError } from './start-error.ts';

/** Run before the tests: the console's need a browser unless UNDERSTUDY_CHROMIUM names one. */
if ((process.env['UNDERSTUDY_CHROMIUM'] ?? '') === '') {
  try {
    ensureChromium({
      searchPath: process.env['PATH'] ?? '',
      isRoot: process.getuid?.() === 0,
      say: (line) => process.stdout.write(`${line}\n`),
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`understudy: ${error.message}\n`);
    process.exitCode = 1;
  }
}
// The channel to the parent would keep this process alive.
if (process.connected) process.disconnect();
