// What to do next in a deployment without alerts.
export function Empty() {
  return (
    <section class="empty" aria-labelledby="empty-title">
      <h1 id="empty-title">No alerts yet</h1>
      <p>
        This deployment has not received any alert that your key can read. Connect GitHub, then read
        the alerts that exist already:
      </p>
      <ol>
        <li>
          <b>Connect.</b> The command opens a page on which you create and install a GitHub App.
          <pre tabIndex={0}>
            <code>gcsmttr connect --organisation octo-org --stack Gcsmttr</code>
          </pre>
        </li>
        <li>
          <b>Backfill.</b> The command reads the alerts that GitHub has now, with their history.
          <pre tabIndex={0}>
            <code>gcsmttr backfill --organisation octo-org --stack Gcsmttr</code>
          </pre>
        </li>
        <li>
          <b>Reload this page.</b> New alerts arrive by themselves from then on.
        </li>
      </ol>
      <p>
        If GitHub is connected already, your key may be limited to organisations without alerts. Ask
        who gave it to you.
      </p>
    </section>
  );
}
