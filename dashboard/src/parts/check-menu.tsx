// A menu of checkboxes for a choice of several values. Nothing checked means all.
import { useEffect, useRef } from 'preact/hooks';

interface Properties<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
}

export function CheckMenu<Value extends string>(properties: Properties<Value>) {
  const { label, options, chosen, onChange } = properties;
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const element = details.current!;
    const closeOutside = (event: Event) => {
      if (!element.contains(event.target as Node)) element.open = false;
    };
    addEventListener('pointerdown', closeOutside);
    addEventListener('focusin', closeOutside);
    return () => {
      removeEventListener('pointerdown', closeOutside);
      removeEventListener('focusin', closeOutside);
    };
  }, []);

  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    details.current!.open = false;
    details.current!.querySelector('summary')!.focus();
  };
  const toggle = (value: Value) =>
    onChange(
      options
        .map(option => option.value)
        .filter(each => (each === value ? !chosen.includes(each) : chosen.includes(each))),
    );
  const names = options.filter(({ value }) => chosen.includes(value)).map(option => option.label);
  return (
    <details class="check-menu" ref={details} onKeyDown={leave}>
      <summary>
        <span class="field-label">{label}</span>
        <span class="field-value">{names.length > 0 ? names.join(', ') : 'All'}</span>
      </summary>
      <fieldset>
        <legend class="hidden">{label}</legend>
        {options.map(option => (
          <label key={option.value}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            {option.label}
          </label>
        ))}
        <button type="button" disabled={chosen.length === 0} onClick={() => onChange([])}>
          All
        </button>
      </fieldset>
    </details>
  );
}
