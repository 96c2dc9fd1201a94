// Buttons that copy what they hold.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const label = button.textContent
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = `${document.body.dataset.copied} ✓`
    setTimeout(() => {
      button.textContent = label
    }, 1500)
  })
}
