import type { Route } from '@understudy/client';

interface RouteListProps {
  routes: readonly Route[];
  search: string;
  onSearch(search: string): void;
  chosen: string | undefined;
  addressOf(model: string): string;
}

/** All models that can be asked for, narrowed by what is typed. */
export function RouteList({ routes, search, onSearch, chosen, addressOf }: RouteListProps) {
  const wanted = search.trim().toLowerCase();
  const shown = routes.filter(
    ({ name, targets }) =>
      name.toLowerCase().includes(wanted) ||
      targets.some((target) => target.toLowerCase().includes(wanted)),
  );
  return (
    <section class="route-list" aria-label="Models">
      <input
        type="search"
        aria-label="Search models and targets"
        placeholder={`Search ${routes.length} models and their targets`}
        value={search}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
      {shown.length === 0 && <p class="muted small">No model or target is called so.</p>}
      <ul>
        {shown.map(({ name, automatic, targets }) => (
          <li key={name}>
            <a href={addressOf(name)} aria-current={name === chosen ? 'true' : undefined}>
              <strong>{name}</strong>
              <span class="small muted">
                {targets.length === 1 ? targets[0] : `${targets.length} targets`}
                {automatic && ' · by itself'}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
