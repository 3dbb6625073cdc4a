import type { Page } from 'playwright-core';
import type { MovedClock } from '../../support/moved-clock.ts';

/**
 * Sets the browser's clock to a server's clock that was moved. Node dates its answers by the machine's clock, from which
 * the SDK would learn a wrong time to sign with: the answers get the moved date.
 */
export async function moveBrowser(page: Page, clock: MovedClock): Promise<void> {
  await page.clock.setFixedTime(clock.now());
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const date = new Date(clock.now()).toUTCString();
    await route.fulfill({ response, headers: { ...response.headers(), date } });
  });
}
