import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface RevealProps {
  title: string;
  /** Beside the title, also while it is hidden. */
  about?: string;
  /** Why it cannot be shown; there is no way to show it then. */
  refusal?: string | undefined;
  /** Made only once it is asked for. */
  children(): ComponentChildren;
}

/** What nobody should see by looking over a shoulder: hidden until it is asked for. */
export function Reveal({ title, about, refusal, children }: RevealProps) {
  const [isShown, setIsShown] = useState(false);
  return (
    <section class="card">
      <div class="card-head reveal-head">
        <h2>{title}</h2>
        <span class="muted small">{refusal ?? about}</span>
        {refusal === undefined && (
          <button
            type="button"
            class="button"
            aria-expanded={isShown}
            aria-label={`${isShown ? 'Hide' : 'Hidden; show'} the ${title.toLowerCase()}`}
            onClick={() => setIsShown(!isShown)}
          >
            {isShown ? 'Hide' : 'Hidden; show'}
          </button>
        )}
      </div>
      {isShown && refusal === undefined && children()}
    </section>
  );
}
