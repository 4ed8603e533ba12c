// Makes GraphQL documents from the fragments in `queries`: one for a page of panels, and one for each
// panel alone. Pure.
import page from '../queries/page.graphql?raw';

const files = import.meta.glob<string>('../queries/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

// The text of each fragment, by its name.
const fragments = new Map(
  Object.values(files).flatMap(text => {
    const name = /^fragment (\w+) on Scope/m.exec(text)?.[1];
    return name === undefined ? [] : [[name, text.trim()] as const];
  }),
);

// The type of each variable, such as `Day!`, in the order of `page.graphql`.
const types = [...page.matchAll(/^ {2}\$(\w+): (.+)$/gm)].map(
  ([, name, type]) => ({ name, type }) as { name: string; type: string },
);

export type Root = 'organisation' | 'repository';

export function fragmentOf(panel: string): string {
  const text = fragments.get(panel);
  if (text === undefined) throw new Error(`there is no fragment ${panel}`);
  return text;
}

// Returns a document that asks for the panels, with only the variables that they use.
export function documentOf(operation: string, panels: readonly string[], root: Root): string {
  const parts = panels.map(fragmentOf);
  const body = `  ${root}(name: $name) {\n    id\n${panels.map(name => `    ...${name}\n`).join('')}  }`;
  const used = variablesOf([body, ...parts].join('\n'));
  const declared = types.filter(({ name }) => used.has(name));
  const header = declared.map(({ name, type }) => `\n  $${name}: ${type}`).join('');
  return [`query ${operation}(${header}\n) {\n${body}\n}`, ...parts].join('\n\n') + '\n';
}

// Returns those of the variables that a document uses. The others would be an error.
export function usedIn<Variables extends object>(
  document: string,
  variables: Variables,
): Partial<Variables> {
  const used = variablesOf(document);
  const kept = Object.entries(variables).filter(
    ([name, value]) => used.has(name) && value !== undefined,
  );
  return Object.fromEntries(kept) as Partial<Variables>;
}

// Returns the names in a response that belong to a panel: the fields of its fragment.
export function fieldsOf(panel: string): string[] {
  return [...fragmentOf(panel).matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name as string);
}

function variablesOf(text: string): Set<string> {
  return new Set([...text.matchAll(/\$(\w+)/g)].map(([, name]) => name as string));
}
