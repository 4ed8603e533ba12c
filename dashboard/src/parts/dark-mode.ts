// Whether the page has dark colours: if the system prefers them, but not on paper. Canvases are drawn
// again when it changes.
import { useEffect, useState } from 'preact/hooks';

const query = matchMedia('(prefers-color-scheme: dark)');
// The class of the root while the browser prints. Without it, canvases keep their colours on paper.
const ON_PAPER = 'on-paper';

export function useDarkMode(): boolean {
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const change = () =>
      setDark(query.matches && !document.documentElement.classList.contains(ON_PAPER));
    const print = ({ type }: Event) => {
      document.documentElement.classList.toggle(ON_PAPER, type === 'beforeprint');
      change();
    };
    query.addEventListener('change', change);
    addEventListener('beforeprint', print);
    addEventListener('afterprint', print);
    return () => {
      query.removeEventListener('change', change);
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', print);
    };
  }, []);
  return isDark;
}
