// The view of a repair, as someone uses it.

/** Presses the button, and waits for the plan. */
export async function plan({ page }) {
  await page.locator('#make-plan').click();
  await page.locator('#summary').waitFor();
}

/** Chooses the version to write. */
export const writeVersion = ({ page }, version) => page.locator('#write-version').selectOption(String(version));

/** Saves the repaired store, and waits until it was checked. */
export async function downloadRepaired(inspector) {
  const { page } = inspector;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#save-repaired').click(),
  ]);
  const saved = await inspector.downloaded(download);
  await page.locator('#outcome').waitFor();
  return saved;
}
