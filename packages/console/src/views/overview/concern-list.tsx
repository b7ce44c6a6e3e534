import { Icon } from '../../components/icon.tsx';
import type { Concern } from './find-concerns.ts';

/** What needs a person, each with the way to where it is mended. */
export function ConcernList({ concerns }: { concerns: readonly Concern[] }) {
  if (concerns.length === 0) {
    return (
      <p class="all-well">
        <Icon name="check" /> Nothing needs attention.
      </p>
    );
  }
  return (
    <section aria-label="Needs attention">
      <ul class="concerns">
        {concerns.map(({ level, title, detail, href }) => (
          <li key={title}>
            <a class={`note concern ${level}`} href={href}>
              <Icon name="warning" />
              <div>
                <strong>{title}</strong>
                <p class="small">{detail}</p>
              </div>
              <Icon name="next" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
