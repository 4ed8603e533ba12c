// Keeps the active tab in view: there are more example tabs than a window shows.
let shownId;

export function showActiveTab(state) {
  const id = state?.tabs[state.activeTabIndex]?.id;
  if (id !== undefined && id === shownId) return;
  shownId = id;
  // The tab is in the page once React has rendered this change.
  requestAnimationFrame(() =>
    document
      .querySelector('.graphiql-tab-active')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  );
}
