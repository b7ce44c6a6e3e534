/**
 * The replies of a pipeline or transaction, in order.
 * @throws the first error among them
 */
export async function repliesOf(
  executed: Promise<[error: Error | null, reply: unknown][] | null>,
): Promise<unknown[]> {
  const replies = (await executed) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}
