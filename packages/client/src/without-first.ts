/** An answer without the first bytes of its body, for a broker that gives no part of a file. */
export function withoutFirst(count: number, { body, status, headers }: Response): Response {
  const kept = new Headers(headers);
  kept.delete('content-length');
  return new Response(body?.pipeThrough(skip(count)) ?? null, { status, headers: kept });
}

function skip(count: number): TransformStream<Uint8Array, Uint8Array> {
  let left = count;
  return new TransformStream({
    transform: (piece, controller) => {
      if (piece.length > left) controller.enqueue(piece.subarray(left));
      left = Math.max(0, left - piece.length);
    },
  });
}
