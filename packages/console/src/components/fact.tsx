import type { ComponentChildren } from 'preact';

interface FactProps {
  name: string;
  /** How the value is set: `mono` or `number`. */
  class?: string;
  children: ComponentChildren;
}

/** A line of a list of facts, which is a `dl` of the class `facts`. */
export function Fact({ name, class: valueClass, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={valueClass}>{children}</dd>
    </div>
  );
}
