// Scrolls to the active tab. There are more example tabs than fit into a window.
let shownId;

export function showActiveTab(state) {
  const id = state?.tabs[state.activeTabIndex]?.id;
  if (id !== undefined && id === shownId) return;
  shownId = id;
  // React adds the tab to the page before the next frame.
  requestAnimationFrame(() =>
    document
      .querySelector('.graphiql-tab-active')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  );
}
