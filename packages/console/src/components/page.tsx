import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface PageProps {
  title: string;
  /** Beside the title: what can be done here. */
  actions?: ComponentChildren;
  /** Below the title: where one is, or what this is. */
  about?: ComponentChildren;
  children: ComponentChildren;
}

/** What every view stands in. Its title is the document's, and is read out when the view changes. */
export function Page({ title, actions, about, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Understudy`;
  }, [title]);
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {about !== undefined && <div class="page-about">{about}</div>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
