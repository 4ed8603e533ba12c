
// Shows the next step when the command reaches it.
const shown = document.body.dataset.version;
const timer = setInterval(async () => {
  try {
    const response = await fetch('version');
    if (response.ok && (await response.text()) !== shown) location.reload();
  } catch {
    clearInterval(timer); // The command has ended.
  }
}, 1000);
