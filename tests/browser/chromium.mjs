import process from "node:process";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that `MEDIA_FACTORY_CHROMIUM` names, else the system's. */
export function launchChromium() {
  const executablePath = process.env.MEDIA_FACTORY_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}
