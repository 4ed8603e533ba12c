import { buildSchema, parse, validate, type FragmentDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { documentOf, fieldsOf, fragmentOf, usedIn, type Root } from '../src/api/documents';
import schemaText from '../../schema.graphql?raw';
import { graphiqlAddress } from '../src/api/graphiql-address';
import { CHARTS, TABLES } from '../src/panels/panels';

const schema = buildSchema(schemaText);
const PANELS = [...CHARTS, ...TABLES].map(({ name }) => name);
const OTHERS = ['Choices', 'Cards', 'TeamNames', 'RepositoryNames'];
const ROOTS: readonly Root[] = ['organisation', 'repository'];

describe.each(ROOTS)('for the root %s', root => {
  test.each([...PANELS, ...OTHERS])('the document of panel %s is valid', panel => {
    expect(validate(schema, parse(documentOf(panel, [panel], root)))).toEqual([]);
  });

  test('all panels fit together in one document', () => {
    const document = documentOf('Page', [...OTHERS, ...PANELS], root);
    expect(validate(schema, parse(document))).toEqual([]);
  });
});

test.each([...PANELS, ...OTHERS])('the fields of panel %s are those of its fragment', panel => {
  const [fragment] = parse(fragmentOf(panel)).definitions as FragmentDefinitionNode[];
  const fields = fragment!.selectionSet.selections.map(field => {
    if (field.kind !== 'Field') throw new Error(field.kind);
    return (field.alias ?? field.name).value;
  });
  expect(fieldsOf(panel)).toEqual(fields);
});

test('an unknown panel is an error', () => {
  expect(() => documentOf('Page', ['Nothing'], 'organisation')).toThrow('Nothing');
});

test('only the variables that a document uses are sent', () => {
  const document = documentOf('Ages', ['Ages'], 'organisation');
  const variables = { name: 'acme', from: 'now', filter: undefined, closedAs: ['FIXED'] };
  expect(usedIn(document, variables)).toEqual({ name: 'acme' });
});

test('GraphiQL gets the query of the panel and its variables', () => {
  const variables = { name: 'a/b&c', from: 'now-1d', to: 'now', interval: 'DAY', filter: {} };
  const address = graphiqlAddress('Speed', { root: 'repository', variables });
  const parameters = new URLSearchParams(address.replace('graphiql#', ''));
  expect(parameters.get('query')).toBe(documentOf('Speed', ['Speed'], 'repository'));
  expect(JSON.parse(parameters.get('variables')!)).toEqual(variables);
});
