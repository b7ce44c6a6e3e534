/** The sign of the house: one line takes over from another. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect class="mark-ground" width="32" height="32" rx="8" />
      <path class="mark-lead" d="M8 9v8a8 8 0 0 0 8 8" />
      <path class="mark-understudy" d="M24 9v8a8 8 0 0 1-8 8" />
    </svg>
  );
}
