// A text field that searches in a list while one types, by the ARIA pattern of a combobox.
import { useId, useMemo, useRef, useState } from 'preact/hooks';

import { matching, type Option } from './matching';

interface Properties {
  readonly label: string;
  // The text of the field while nothing is typed.
  readonly shown: string;
  readonly options: readonly Option[];
  readonly isLoading: boolean;
  readonly onOpen: () => void;
  readonly onChoose: (option: Option) => void;
}

export function Combobox({ label, shown, options, isLoading, onOpen, onChoose }: Properties) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = typed !== null;
  const found = useMemo(() => matching(options, typed ?? ''), [options, typed]);

  const open = () => {
    if (isOpen) return;
    onOpen();
    setTyped('');
    setActive(0);
  };
  const close = () => setTyped(null);
  const choose = (option: Option | undefined) => {
    if (!option) return;
    close();
    onChoose(option);
  };
  const move = (to: number) => {
    const index = Math.max(0, Math.min(found.shown.length - 1, to));
    setActive(index);
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') isOpen ? move(active + 1) : open();
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'Enter' && isOpen) choose(found.shown[active]);
    else if (event.key === 'Escape' && isOpen) close();
    else return;
    event.preventDefault();
  };

  return (
    <div class="combobox">
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(isOpen && found.shown.length > 0 && { 'aria-activedescendant': `${id}-${active}` })}
        autocomplete="off"
        spellcheck={false}
        placeholder={shown}
        value={typed ?? shown}
        onFocus={open}
        onClick={open}
        onBlur={close}
        onKeyDown={press}
        onInput={event => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} hidden={!isOpen}>
        {isOpen &&
          found.shown.map((option, index) => (
            <div
              key={`${option.kind} ${option.value}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={event => event.preventDefault()}
              onClick={() => {
                input.current?.blur();
                choose(option);
              }}
            >
              <span>{option.label}</span>
              <small>{option.detail}</small>
            </div>
          ))}
      </div>
      {isOpen && (
        <p class="combobox-status" role="status">
          {isLoading ? 'Loading the names …' : found.summary}
        </p>
      )}
    </div>
  );
}
