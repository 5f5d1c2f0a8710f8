/** Templates, and the editor and the picture that show them. */

import { expect, type Locator, type Page } from "@playwright/test";

/** Speed in, wear out. */
export const TEMPLATE = `version: 1
bricks:
    1,1,1
        input: speed
        number_of_neurons: 4
    2,1,1
        number_of_neurons: 64
    3,1,1
        output: wear
        number_of_neurons: 1
`;

/** Where templates are written. */
export function editor(page: Page): Locator {
  return page.getByRole("textbox", { name: "Template" });
}

/** Where bricks are drawn. */
export function picture(page: Page): Locator {
  return page.getByRole("application", { name: "3-D picture of the bricks" });
}

/** The picture is drawn: labels come with the frame that has their bricks. */
export async function expectPictured(page: Page, name: string): Promise<void> {
  await expect(picture(page).getByText(name, { exact: true })).toBeVisible();
}
