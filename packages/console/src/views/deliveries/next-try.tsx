import { Instant } from '../../components/instant.tsx';
import { useNow } from '../../components/use-now.ts';

/** When a delivery is tried next; one that is due waits for its endpoint's turn. */
export function NextTry({ at }: { at: string | undefined }) {
  const now = useNow();
  if (at !== undefined && Date.parse(at) <= now) {
    return <span title="It goes out when it is its endpoint's turn">due</span>;
  }
  return <Instant at={at} />;
}
