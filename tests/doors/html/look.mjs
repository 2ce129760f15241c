// Opens a page in a real browser, uses it as a reader would, and prints what was seen as JSON.
// node look.mjs BROWSER PAGE SCREENSHOT
import puppeteer from "puppeteer-core";
import { pathToFileURL } from "node:url";

const [browserPath, file, screenshot] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const browser = await puppeteer.launch({
  executablePath: browserPath,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
});
const seen = { requests: [], console: [], dialogs: [] };

async function open(settings = {}) {
  const page = await browser.newPage();
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.console.push(String(error)));
  page.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  await page.setViewport({ width: settings.width ?? 1200, height: 1600 });
  await page.setJavaScriptEnabled(settings.scripts ?? true);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: settings.scheme ?? "light" }]);
  await page.goto(address, { waitUntil: "load" });
  return page;
}

// What a reader sees: severities and files of the findings that take up room on the page.
const findings = (page) =>
  page.$$eval(".finding", (all) =>
    all
      .filter((one) => one.getClientRects().length > 0)
      .map((one) => [one.dataset.severity, one.closest(".file").dataset.file]),
  );

const page = await open();
seen.all = await findings(page);
seen.headline = await page.$eval("h1", (one) => one.textContent);
seen.filterShown = await page.$eval("#filter", (one) => one.getClientRects().length > 0);
await page.screenshot({ path: screenshot });

for (const name of ["critical", "info"]) await page.click(`#filter input[value=${name}]`);
seen.warningsOnly = await findings(page);
seen.count = await page.$eval("#shown", (one) => one.textContent);
for (const name of ["critical", "info"]) await page.click(`#filter input[value=${name}]`);

await page.type("#filter input[type=search]", "NESTED");
seen.byFile = await findings(page);
await page.click("#filter input[type=search]", { count: 3 });
await page.type("#filter input[type=search]", "mw407");
seen.byRule = await findings(page);
await page.type("#filter input[type=search]", " and nothing");
seen.byNothing = await findings(page);
seen.nothingTold = await page.$eval("#nothing", (one) => one.getClientRects().length > 0);
await page.click("#filter input[type=search]", { count: 3 });
await page.keyboard.press("Backspace");
seen.allAgain = await findings(page);

seen.closed = await page.$eval(".finding .more", (one) => one.checkVisibility());
await page.click(".finding summary");
seen.opened = await page.$eval(".finding .more", (one) => one.checkVisibility());
seen.details = await page.$eval(".finding .more", (one) => one.innerText);
await page.click("#unfold");
seen.unfolded = await page.$$eval(".finding", (all) => all.every((one) => one.open));

// Were text ever to become markup: would it run?
seen.beforeInjection = seen.console.length;
seen.injected = await page.evaluate(() => {
  document.body.insertAdjacentHTML("beforeend", "<img src='https://evil.example/x' onerror='window.pwned = 1'>");
  const script = document.createElement("script");
  script.textContent = "window.pwned = 2";
  document.body.append(script);
  return window.pwned ?? null;
});

const still = await open({ scripts: false });
seen.withoutScripts = await findings(still);
seen.filterWithoutScripts = await still.$eval("#filter", (one) => one.getClientRects().length > 0);

const grounds = {};
for (const scheme of ["light", "dark"]) {
  const shown = await open({ scheme });
  grounds[scheme] = await shown.evaluate(() => getComputedStyle(document.body).backgroundColor);
}
seen.grounds = grounds;

const phone = await open({ width: 390 });
seen.phoneOverflow = await phone.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);

await browser.close();
console.log(JSON.stringify(seen));
