// The search in the names of a list. Pure.
export interface Option {
  readonly kind: 'organisation' | 'team' | 'repository';
  readonly value: string;
  readonly label: string;
  readonly detail: string;
}

export interface Matches {
  readonly shown: readonly Option[];
  readonly summary: string;
}

const MOST_SHOWN = 50;

// Returns the options that contain all words of the text. Those that start with it come first.
export function matching(options: readonly Option[], text: string): Matches {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const starts: Option[] = [];
  const others: Option[] = [];
  for (const option of options) {
    const label = option.label.toLowerCase();
    if (!words.every(word => label.includes(word))) continue;
    const name = label.slice(label.indexOf('/') + 1);
    const isStart = words.length > 0 && (label.startsWith(words[0]!) || name.startsWith(words[0]!));
    (isStart ? starts : others).push(option);
  }
  const found = [...starts, ...others];
  return { shown: found.slice(0, MOST_SHOWN), summary: summaryOf(found.length, text) };
}

function summaryOf(found: number, text: string): string {
  if (found === 0) return `Nothing matches “${text}”.`;
  if (found <= MOST_SHOWN) return `${found} found`;
  return `${MOST_SHOWN} of ${found} shown. Type more to narrow the list.`;
}
