// The first tabs: the example queries of the repository, in the order of their file names.
const files = import.meta.glob('../../examples/queries/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const exampleTabs = Object.keys(files)
  .sort()
  .map(file => ({ query: files[file] }));
