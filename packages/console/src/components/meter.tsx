import './meter.css';

interface MeterProps {
  label: string;
  value: number;
  /** Undefined where nothing limits the value. */
  limit: number | undefined;
  format?: (value: number) => string;
}

/** From this share on a limit is nearly used up. */
const NEARLY_FULL = 0.9;

/** How much of a limit is used: in figures, and as a bar. */
export function Meter({ label, value, limit, format = count }: MeterProps) {
  const share = limit === undefined || limit === 0 ? 0 : Math.min(1, value / limit);
  const text = limit === undefined ? format(value) : `${format(value)} of ${format(limit)}`;
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <span class="meter-figures">{text}</span>
      {limit !== undefined && (
        <span
          class="meter-bar"
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(value, limit)}
          aria-valuetext={text}
        >
          <span
            class={share >= NEARLY_FULL ? 'meter-fill nearly-full' : 'meter-fill'}
            style={{ width: `${share * 100}%` }}
          />
        </span>
      )}
    </div>
  );
}

function count(value: number): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: 2 });
}
