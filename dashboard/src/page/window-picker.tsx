// Picks the window: one of the presets, or two days.
import { useEffect, useState } from 'preact/hooks';

import { isPreset, PRESETS, type Choice, type Days, type Preset } from '../choice/choice';
import { dayAfter, isDay } from '../choice/window';

interface Properties {
  readonly window: Choice['window'];
  readonly onChange: (window: Choice['window']) => void;
}

export function WindowPicker({ window, onChange }: Properties) {
  const [days, setDays] = useState<Days | null>(isPreset(window) ? null : window);
  useEffect(() => setDays(isPreset(window) ? null : window), [window]);

  const today = new Date().toISOString().slice(0, 10);
  const enter = (changed: Days) => {
    setDays(changed);
    if (isDay(changed.from) && isDay(changed.to) && changed.from <= changed.to) onChange(changed);
  };
  return (
    <fieldset class="windows">
      <legend class="hidden">Window</legend>
      {(Object.keys(PRESETS) as Preset[]).map(preset => (
        <label key={preset}>
          <input
            type="radio"
            name="window"
            value={preset}
            checked={days === null && window === preset}
            onChange={() => {
              setDays(null);
              onChange(preset);
            }}
          />
          <span>{PRESETS[preset]}</span>
        </label>
      ))}
      <label>
        <input
          type="radio"
          name="window"
          value="own"
          checked={days !== null}
          onChange={() => enter({ from: dayAfter(today, -29), to: today })}
        />
        <span>Own days</span>
      </label>
      {days && (
        <span class="days">
          <input
            type="date"
            aria-label="First day"
            value={days.from}
            max={days.to}
            onChange={event => enter({ ...days, from: event.currentTarget.value })}
          />
          <span aria-hidden="true">–</span>
          <input
            type="date"
            aria-label="Last day"
            value={days.to}
            min={days.from}
            max={today}
            onChange={event => enter({ ...days, to: event.currentTarget.value })}
          />
        </span>
      )}
    </fieldset>
  );
}
