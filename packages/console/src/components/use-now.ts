import { useEffect, useState } from 'preact/hooks';

const EVERY_MS = 1000;

/** Now, told again each second while the page is seen. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
