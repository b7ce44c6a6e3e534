/** Where an answer is awaited for the first time. */
export function Loading() {
  return (
    <p class="loading muted" role="status">
      Asking the broker …
    </p>
  );
}
