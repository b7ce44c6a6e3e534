/**
 * What `work` comes to, if it comes in time: a connection that waits for Redis to return would keep
 * whoever asks waiting as well.
 * @throws Error where it takes longer than `timeoutMs`
 */
export async function within<Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
