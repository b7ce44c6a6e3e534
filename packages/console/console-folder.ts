import { join } from 'node:path';

/** Where the built console lies; the folder is missing until it was built. */
export const CONSOLE_FOLDER = join(import.meta.dirname, 'dist');
