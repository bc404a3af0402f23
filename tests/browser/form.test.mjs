// The form: what it says about mistakes, and how it is used without a mouse or in the dark.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo } from "./demo-page.mjs";

const open = demo();

test("the page loads quietly and asks nobody but its own server", async (t) => {
  const demoPage = await open(t);
  await demoPage.page.getByRole("heading", { name: "Media Factory" }).waitFor();
  await demoPage.page.waitForLoadState("networkidle");
  demoPage.assertCalm();
});

test("a wrong value is told at its field, which gets the keyboard", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", { Prompt: "A quiet lake", Resolution: "0x0", Seed: -1 });
  await demoPage.page.getByRole("button", { name: "Generate" }).click();

  const resolution = demoPage.field("Resolution");
  assert.equal(await resolution.getAttribute("aria-invalid"), "true");
  assert.match(await toldAt(resolution), /resolution.*\((format|range)\)/s);
  assert.match(await toldAt(demoPage.field("Seed")), /seed.*\(range\)/s);
  assert.ok(await resolution.evaluate((input) => input === document.activeElement));
  assert.equal(await demoPage.cards.count(), 0);
  assert.equal(await demoPage.field("Prompt").inputValue(), "A quiet lake");

  await resolution.fill("128x128");
  assert.equal(await resolution.getAttribute("aria-invalid"), null);
  assert.equal(await toldAt(resolution), "");
  demoPage.assertCalm();
});

test("an empty prompt and a text that is no number are told too", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", {});
  await demoPage.field("Seed").press("e");
  await demoPage.page.getByRole("button", { name: "Generate" }).click();
  assert.match(await toldAt(demoPage.field("Prompt")), /prompt/);
  assert.match(await toldAt(demoPage.field("Seed")), /seed/);
  demoPage.assertCalm();
});

test("an endpoint that is no address is told at the endpoint", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", { Prompt: "A quiet lake" });
  for (const endpoint of ["javascript:alert(1)", "file:///etc/passwd", "not an address"]) {
    await demoPage.useService(endpoint);
    await demoPage.page.getByRole("button", { name: "Generate" }).click();
    assert.match(await toldAt(demoPage.field("Endpoint")), /service_endpoint/, endpoint);
  }
  assert.equal(await demoPage.cards.count(), 0);
  demoPage.assertCalm();
});

test("three lines are three tasks, in their order", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", {
    "One task per line": true,
    Prompt: "Sunset over mountains\n\nA calm sea\nA city at night",
    Resolution: "96x96",
  });
  await demoPage.generate();
  assert.equal(await demoPage.cards.count(), 3);
  const titles = ["Sunset over mountains", "A calm sea", "A city at night"];
  assert.deepEqual(await demoPage.page.locator("#task-list h3").allInnerTexts(), titles);
  for (const index of titles.keys()) {
    await demoPage.reaches(demoPage.cards.nth(index), "completed");
  }
  assert.equal(await demoPage.page.locator("#tasks-summary").innerText(), "3 finished");
  demoPage.assertCalm();
});

test("one mistake in a batch starts none of it", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", {
    "One task per line": true,
    Prompt: "A calm sea\nA city",
    Resolution: "9999999x1",
  });
  await demoPage.page.getByRole("button", { name: "Generate" }).click();
  assert.match(await toldAt(demoPage.field("Resolution")), /resolution/);
  assert.equal(await demoPage.cards.count(), 0);
  demoPage.assertCalm();
});

test("a picture is made, enlarged and taken away by keyboard alone", async (t) => {
  const demoPage = await open(t);
  const { keyboard } = demoPage.page;
  await tabTo(demoPage.page, "Image");
  await tabTo(demoPage.page, "Prompt");
  await keyboard.type("A lake in the mountains");
  await tabTo(demoPage.page, "Resolution");
  await keyboard.press("Control+A");
  await keyboard.type("96x64");
  await keyboard.press("Enter");
  const card = demoPage.cards.first();
  await demoPage.reaches(card, "completed");
  await card.locator("img").waitFor();

  await tabTo(demoPage.page, "Enlarge: A lake in the mountains");
  await keyboard.press("Enter");
  const viewer = demoPage.page.getByRole("dialog");
  await viewer.waitFor();
  await keyboard.press("Escape");
  await viewer.waitFor({ state: "hidden" });
  await tabTo(demoPage.page, "Remove");
  await keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  assert.equal(await focusedName(demoPage.page), "Tasks");
  demoPage.assertCalm();
});

test("a task's parameters can be used again", async (t) => {
  const demoPage = await open(t);
  const asked = { Prompt: "A calm sea", Style: "watercolor", Resolution: "96x64", Seed: 11 };
  await demoPage.fill("Image", { ...asked, HDR: true });
  const card = await demoPage.generate();
  await demoPage.fill("Image", { Prompt: "", Style: "", Resolution: "", Seed: "", HDR: false });
  await demoPage.fill("Voice", { Text: "Something else" });
  await card.getByRole("button", { name: "Use again" }).click();
  for (const [label, value] of Object.entries(asked)) {
    assert.equal(await demoPage.field(label).inputValue(), String(value));
  }
  assert.ok(await demoPage.field("HDR").isChecked());
  demoPage.assertCalm();
});

test("markup in a prompt is shown as text", async (t) => {
  const demoPage = await open(t);
  const prompt = "<img src=x onerror=alert(1)><b>sea</b>";
  await demoPage.fill("Image", { Prompt: prompt, Resolution: "64x64" });
  const card = await demoPage.generate();
  assert.equal(await card.locator("h3").innerText(), prompt);
  assert.equal(await card.locator("h3 img, h3 b").count(), 0);
  await demoPage.reaches(card, "completed");
  demoPage.assertCalm();
});

test("the endpoint is remembered, the key is not, and belongs to one endpoint", async (t) => {
  const demoPage = await open(t);
  await demoPage.useService("http://127.0.0.1:9", "a-secret-key");
  await demoPage.fill("Voice", {});
  assert.equal(await demoPage.field("Endpoint").inputValue(), "");
  assert.equal(await demoPage.field("API key").inputValue(), "");
  await demoPage.fill("Image", {});
  assert.equal(await demoPage.field("API key").inputValue(), "a-secret-key");
  await demoPage.page.reload();
  assert.equal(await demoPage.field("Endpoint").inputValue(), "http://127.0.0.1:9");
  assert.equal(await demoPage.field("API key").inputValue(), "");
  const stored = await demoPage.page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.doesNotMatch(stored, /a-secret-key/);
  demoPage.assertCalm();
});

test("object URLs are given back with their card", async (t) => {
  const demoPage = await open(t);
  await demoPage.page.evaluate(() => {
    globalThis.openUrls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(URL, blob);
      globalThis.openUrls.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      globalThis.openUrls.delete(url);
      revokeObjectURL.call(URL, url);
    };
  });
  await demoPage.fill("Image", { Prompt: "A calm sea", Resolution: "64x64" });
  const card = await demoPage.generate();
  await card.locator("img").waitFor();
  const held = await card.locator("img").getAttribute("src");
  const openUrls = () => demoPage.page.evaluate(() => [...globalThis.openUrls]);
  assert.ok((await openUrls()).includes(held));
  await demoPage.page.getByRole("button", { name: "Clear finished" }).click();
  assert.ok(!(await openUrls()).includes(held));
  demoPage.assertCalm();
});

test("the page is light by day, dark by night, and fits a phone", async (t) => {
  const demoPage = await open(t, { colorScheme: "light" });
  const { page } = demoPage;
  const light = await page.screenshot();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.screenshot();
  assert.ok(!light.equals(dark), "both look the same");
  const [ink, paper] = await page.evaluate(() => {
    const { color, backgroundColor } = getComputedStyle(document.documentElement);
    return [color, backgroundColor].map((value) => Number(value.match(/\d+/)[0]));
  });
  assert.ok(paper < 60 && ink > 180, `ink ${ink} on paper ${paper}`);

  await page.setViewportSize({ width: 360, height: 740 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the phone`);
  demoPage.assertCalm();
});

/** The text below a field that says what is wrong with it. */
function toldAt(field) {
  return field.evaluate((control) => {
    const ids = control.getAttribute("aria-describedby").split(" ");
    return document.getElementById(ids.at(-1)).textContent;
  });
}

/** Presses Tab until the element of that name has the keyboard. */
async function tabTo(page, name) {
  const seen = [];
  while (seen.length < 60) {
    await page.keyboard.press("Tab");
    seen.push(await focusedName(page));
    if (seen.at(-1) === name) return;
  }
  assert.fail(`Tab never reached ${name}, only ${seen.join(", ")}`);
}

function focusedName(page) {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const labelledBy = document.getElementById(focused.getAttribute("aria-labelledby") ?? "");
    const label = labelledBy ?? focused.labels?.[0] ?? focused;
    return focused.getAttribute("aria-label") ?? label.textContent.trim();
  });
}
