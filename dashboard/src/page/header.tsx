// The top of the page: the product, GraphiQL beside it, print and sign-out.
import { hasGraphiql } from '../api/graphiql-address';
import { Logo } from './logo';

export function Header({ onLeave }: { onLeave: () => void }) {
  return (
    <header class="top">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <p class="product">
        <Logo /> GCSMTTR
      </p>
      <nav aria-label="Pages">
        {hasGraphiql && <a href="graphiql">GraphiQL</a>}
        <button type="button" class="print" onClick={() => print()}>
          Print
        </button>
        <button type="button" class="other-key" onClick={onLeave}>
          Other key
        </button>
      </nav>
    </header>
  );
}
