export interface PagerProps {
  /** Cursors of the pages gone through; the last is the one shown. */
  page: number;
  hasMore: boolean;
  onFirst(): void;
  onBack(): void;
  onNext(): void;
}

/** Through a list that goes on by a cursor. */
export function Pager({ page, hasMore, onFirst, onBack, onNext }: PagerProps) {
  if (page === 1 && !hasMore) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" class="button" disabled={page === 1} onClick={onFirst}>
        Newest
      </button>
      <button type="button" class="button" disabled={page === 1} onClick={onBack}>
        Back
      </button>
      <span class="muted">Page {page}</span>
      <button type="button" class="button" disabled={!hasMore} onClick={onNext}>
        Next
      </button>
    </nav>
  );
}
