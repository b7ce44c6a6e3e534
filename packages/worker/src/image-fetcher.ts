import type { Settings } from '@understudy/configuration';
import { createGuardedDispatcher, fetchImage, type GuardedDispatcher } from '@understudy/outbound';
import { type FetchFile, FileUnreachableError } from '@understudy/shaping';

type InlineFile = Awaited<ReturnType<FetchFile>>;

export interface ImageFetcher {
  /**
   * Fetches the images of one call of a job. All of them together have the time and four times the
   * bytes of one image. What was fetched for the same job a moment ago is not fetched again.
   */
  forJob(jobId: string, signal: AbortSignal): FetchFile;
  close(): Promise<void>;
}

/** All images of one call together may have so many times the bytes of one. */
const IMAGES_PER_CALL = 4;
/** From one target to the next it is seconds; longer waits are not worth the memory. */
const KEPT_MS = 60_000;
/** Of all jobs together, in base64. */
const MOST_KEPT_CHARACTERS = 64 * 1024 * 1024;

/**
 * Fetches images that callers name by their URL, for providers that take them inline alone. They
 * stay in this process's memory for a minute and are stored nowhere.
 * @param now milliseconds of a monotonic clock
 */
export function createImageFetcher(
  settings: Settings['outbound'],
  now: () => number,
): ImageFetcher {
  const dispatcher = createGuardedDispatcher(settings);
  const kept = new KeptImages(now);
  return {
    forJob(jobId, signal) {
      let ending: AbortSignal | undefined;
      let bytes = 0;
      return async (url) => {
        ending ??= AbortSignal.any([signal, AbortSignal.timeout(settings.imageTimeoutMs)]);
        const key = `${jobId} ${url}`;
        const file = kept.get(key) ?? (await fetchFile(url, settings, dispatcher, ending));
        bytes += Buffer.byteLength(file.base64, 'base64');
        const most = settings.maxImageBytes * IMAGES_PER_CALL;
        if (bytes > most) throw new FileUnreachableError(`and others have more than ${most} bytes`);
        kept.set(key, file);
        return file;
      };
    },
    close: () => dispatcher.destroy(),
  };
}

async function fetchFile(
  url: string,
  { allow, maxImageBytes, imageTimeoutMs }: Settings['outbound'],
  dispatcher: GuardedDispatcher,
  signal: AbortSignal,
): Promise<InlineFile> {
  const image = await fetchImage({
    url,
    policy: { allow },
    dispatcher,
    maxBytes: maxImageBytes,
    timeoutMs: imageTimeoutMs,
    signal,
  });
  if (!image.ok) throw new FileUnreachableError(image.reason);
  return { mediaType: image.mediaType, base64: image.bytes.toString('base64') };
}

/** The images of the last minute, oldest first, up to a number of characters. */
class KeptImages {
  readonly #now: () => number;
  readonly #files = new Map<string, { file: InlineFile; until: number }>();
  #characters = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): InlineFile | undefined {
    this.#drop(() => false);
    return this.#files.get(key)?.file;
  }

  set(key: string, file: InlineFile): void {
    if (this.#files.has(key)) return;
    this.#files.set(key, { file, until: this.#now() + KEPT_MS });
    this.#characters += file.base64.length;
    this.#drop(() => this.#characters > MOST_KEPT_CHARACTERS);
  }

  #drop(tooMany: () => boolean): void {
    for (const [key, { file, until }] of this.#files) {
      if (until > this.#now() && !tooMany()) return;
      this.#files.delete(key);
      this.#characters -= file.base64.length;
    }
  }
}
