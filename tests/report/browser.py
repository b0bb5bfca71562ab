#!/usr/bin/env python3
"""Opens reports in Chromium and looks at what a reader would see there.

usage: browser.py THREADBENCH [SCREENSHOTS]

Ends with 77 where Chromium, its driver or selenium is not there. With a folder it leaves
screenshots in it.
"""
import base64
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import documents

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:
    print("no python3-selenium")
    sys.exit(77)

WIDTHS = (360, 768, 1600)
REPORTS = {   # page: the documents it is of
    "plain": ("plain",), "compared": ("old", "new"), "sides": ("one", "two"),
    "interpreters": ("python-a", "python-b"), "hostile": ("hostile",), "foreign": ("foreign",),
    "full": ("full",),
}
FIGURES = {"plain": 17, "compared": 9, "sides": 8, "interpreters": 4, "hostile": 7, "foreign": 2}

# What is looked for on a page, each as a list of what is wrong.
OVERFLOW = "return document.documentElement.scrollWidth > window.innerWidth ? " \
    "[`${document.documentElement.scrollWidth} px wide`] : []"
FIGURE_BOXES = """
document.querySelectorAll("details").forEach((d) => { d.open = true; });
return [...document.querySelectorAll("svg.plot")].flatMap((svg) => {
    const box = svg.getBoundingClientRect();
    const curves = [...svg.querySelectorAll(".curve path, .curve use")];
    const name = svg.getAttribute("aria-label").slice(0, 60);
    if (box.width < 100 || box.height < 50) return [`${name}: ${box.width} x ${box.height}`];
    if (!curves.length) return [`${name}: no curve`];
    if (!svg.querySelector("text")) return [`${name}: no tick`];
    return curves.filter((curve) => {
        const own = curve.getBoundingClientRect(), style = getComputedStyle(curve);
        const ink = curve.tagName === "use" ? style.color : style.stroke;
        return !/^rgb\\(/.test(ink) || own.left < box.left - 2 || own.right > box.right + 2 ||
            own.top < box.top - 2 || own.bottom > box.bottom + 2;
    }).map((curve) => `${name}: ${curve.outerHTML.slice(0, 80)}`);
});"""
CONTRAST = """
const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
        .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const paper = light(getComputedStyle(document.body).backgroundColor);
const against = (color) => {
    const own = light(color);
    return (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
};
return [...document.querySelectorAll("p, td, th, h1, h2, h3, a, small, figcaption, .verdict, .tick, use")]
    .filter((e) => e.textContent || e.tagName === "use")
    .map((e) => [e, getComputedStyle(e)[e.tagName === "g" ? "fill" : "color"]])
    .filter(([, color]) => against(color) < 4.5)
    .map(([e, color]) => `${e.tagName} ${e.className.baseVal ?? e.className} ${color}`).slice(0, 5);"""
ACCESS = """
const bad = [];
document.querySelectorAll("details").forEach((d) => { d.open = true; });
document.querySelectorAll("th").forEach((th) => { if (!th.textContent.trim()) bad.push(`empty ${th.outerHTML}`); });
document.querySelectorAll("tbody tr").forEach((tr) => {
    if (tr.cells[0].tagName !== "TH" || tr.cells[0].scope !== "row") bad.push(tr.outerHTML.slice(0, 60)); });
document.querySelectorAll(".wide").forEach((wide) => {
    if (wide.tabIndex !== 0 || wide.getAttribute("role") !== "region" || !wide.getAttribute("aria-label"))
        bad.push(wide.outerHTML.slice(0, 60)); });
document.querySelectorAll("table").forEach((table) => {
    const count = table.tHead.rows[0].cells.length;
    [...table.tBodies[0].rows].filter((row) => "name" in row.dataset && row.cells.length !== count)
        .forEach((row) => bad.push(`${row.cells.length} of ${count}: ${row.outerHTML.slice(0, 60)}`)); });
return bad.slice(0, 5);"""
BORDERS = CONTRAST[:CONTRAST.index("return [...")] + """
return [...document.querySelectorAll("input[type=search], .tools button")]
    .map((e) => [e.id, getComputedStyle(e).borderTopColor]).filter(([, color]) => against(color) < 3);"""
VISIBLE = "return [...document.querySelectorAll('tr[data-name], div[data-name]')]" \
    ".filter((e) => !e.hidden).map((e) => e.dataset.name)"
COLUMN = """
const table = document.querySelector("#cases table, #cases-2 table");
const heading = [...table.tHead.rows[0].cells].find((cell) => cell.textContent.startsWith("value"));
heading.querySelector("button").click();
return [...table.tBodies[0].rows].filter((row) => "name" in row.dataset)
    .map((row) => Number(row.cells[heading.cellIndex].dataset.value));"""
POINTED = """
const svg = document.querySelector("svg[data-reading]"), box = svg.getBoundingClientRect();
svg.dispatchEvent(new PointerEvent("pointermove",
    {clientX: box.left + box.width / 2, clientY: box.top + box.height / 2}));
return svg.parentElement.querySelector("output").value;"""

problems = []


def expect(what, wrong):
    """`wrong` is false, or says what is."""
    print(f"{'not ok' if wrong else 'ok'} {what}{f': {wrong}' if wrong else ''}")
    if wrong:
        problems.append(what)


class Browser:
    """Chromium without a window."""

    def __init__(self, profile):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={profile}"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def run(self, script):
        return self.driver.execute_script(script)

    def size(self, width, height=900):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 500)

    def scheme(self, scheme):
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, page):
        self.driver.get_log("performance")
        self.driver.get(page.as_uri())

    def requests(self):
        """All that was asked for since the page was opened."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def texts(self):
        """What is laid out, by no script of the page nor in it."""
        snapshot = self.command("DOMSnapshot.captureSnapshot", computedStyles=[])
        return [snapshot["strings"][text] for document in snapshot["documents"]
                for text in document["layout"]["text"] if text >= 0]

    def picture(self, path, whole=False):
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))


def check_page(browser, name, page, shots):
    browser.size(1000)
    browser.scheme("light")
    browser.open(page)
    others = [url for url in browser.requests() if url != page.as_uri() and not url.startswith("data:")]
    expect(f"{name} asks for nothing but itself", others)
    if name != "full":
        figures = browser.run("return document.querySelectorAll('svg.plot').length")
        expect(f"{name} has its figures", figures != FIGURES[name] and f"{figures}")
    expect(f"{name} shows every figure", browser.run(FIGURE_BOXES))
    for width in WIDTHS:
        browser.size(width)
        expect(f"{name} fits {width} px", browser.run(OVERFLOW))
        if shots:
            browser.picture(shots / f"{name}-{width}.png")
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        expect(f"{name} is legible, {scheme}", browser.run(CONTRAST))
        expect(f"{name} shows where to type, {scheme}", browser.run(BORDERS))
    expect(f"{name} has headings, and tables that keys scroll", browser.run(ACCESS))
    if shots:
        browser.size(1000, 3000)
        browser.picture(shots / f"{name}-dark.png")
        browser.scheme("light")
        browser.picture(shots / f"{name}-light.png")
    expect(f"{name} leaves no complaint", browser.complaints())


def check_filter(browser, pages):
    browser.size(1000)
    browser.open(pages["compared"])
    box = browser.driver.find_element(By.ID, "filter")
    box.send_keys("join c11")
    names = browser.run(VISIBLE)
    expect("the filter keeps what has all its words",
           [n for n in names if "join" not in n or "c11" not in n] or not names and "nothing")
    box.clear()
    box.send_keys("x")
    box.send_keys("\b")
    before = len(browser.run(VISIBLE))
    browser.driver.find_element(By.ID, "changed").click()
    changed = browser.run(VISIBLE)
    expect("only what changed is less, and not nothing",
           not 0 < len(changed) < before and f"{len(changed)} of {before}")
    expect("what changed is what was slower or has another tail",
           [name for name in changed if "posix" not in name])


def check_groups(browser, pages):
    """Of many cases the families are closed, and the filter opens those that it leaves."""
    opened = "return [...document.querySelectorAll('details.group')].filter((g) => g.open && !g.hidden)" \
        ".map((g) => g.querySelector('b').textContent)"
    browser.size(1000)
    browser.open(pages["full"])
    expect("many families are closed", browser.run(opened))
    browser.driver.find_element(By.ID, "filter").send_keys("family3/ row2/ posix")
    names = browser.run(VISIBLE)
    expect("the filter opens what it leaves", browser.run(opened) != ["family3"] and browser.run(opened))
    expect("and leaves nothing else", [n for n in names if "family3/row2/" not in n] or not names and "nothing")


def check_sort(browser, pages):
    browser.open(pages["plain"])
    first, second = browser.run(COLUMN), browser.run(COLUMN)
    expect("a heading sorts by its numbers", first != sorted(first) and first)
    expect("and the other way round", second != sorted(first, reverse=True) and second)


def check_pointer(browser, pages):
    browser.open(pages["plain"])
    reading = browser.run(POINTED)
    expect("a pointer reads a figure", not ("%" in reading and "µs" in reading) and repr(reading))


def check_without_script(browser, pages):
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(pages["compared"])
    texts = " ".join(browser.texts())
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
    wanted = ("REGRESSION", "What changed", "p99", "Seed" if "Seed" in texts else "seed", "powersave")
    expect("without its script the page is whole", [word for word in wanted if word not in texts])
    expect("without its script no box is shown", "only what changed" in texts)


def check_hostile(browser, pages):
    browser.open(pages["hostile"])
    found = browser.run("return [document.title, document.querySelectorAll('img').length, "
                        "document.querySelectorAll('script').length, document.body.innerText]")
    expect("hostile text does nothing", found[0] == "obeyed" or found[1:3] != [0, 1])
    expect("hostile text is shown", "<script>" not in found[3] and "it is not")
    expect("what turns the direction is not there", "\u202e" in found[3] and "it is")


def check_print(browser, pages):
    browser.open(pages["plain"])
    pdf = base64.b64decode(browser.command("Page.printToPDF")["data"])
    expect("the page prints", not pdf.startswith(b"%PDF") or len(pdf) < 20000)
    closed = "return [...document.querySelectorAll('details.group')].filter((g) => !g.open).length"
    browser.open(pages["full"])
    before = browser.run(closed)
    during = browser.run("window.dispatchEvent(new Event('beforeprint')); " + closed)
    after = browser.run("window.dispatchEvent(new Event('afterprint')); " + closed)
    expect("on paper families are open, and closed again afterwards",
           (before > 0, during, after) != (True, 0, before) and f"{before}, {during}, {after}")
    pages_of = re.findall(rb"/Type /Page\b", base64.b64decode(browser.command("Page.printToPDF")["data"]))
    expect("on paper there are all cases", len(pages_of) < 20 and len(pages_of))


def make(threadbench, folder):
    documents.write_all(folder)
    for name, sources in REPORTS.items():
        subprocess.run([threadbench, "report", *(folder / f"{source}.json" for source in sources),
                        "-o", folder / f"{name}.html"], check=True)
    return {name: folder / f"{name}.html" for name in REPORTS}


def check_all(browser, pages, shots):
    expect("1,054 cases take less than 10 MB", pages["full"].stat().st_size > 10e6 and
           pages["full"].stat().st_size)
    for name, page in pages.items():
        check_page(browser, name, page, shots)
    for check in (check_filter, check_groups, check_sort, check_pointer, check_without_script, check_hostile, check_print):
        check(browser, pages)


def main():
    missing = [name for name in ("chromium", "chromedriver", "gnuplot") if not shutil.which(name)]
    if missing:
        print("no " + ", ".join(missing))
        sys.exit(77)
    shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pages = make(sys.argv[1], folder)
        browser = Browser(folder / "profile")
        stack.callback(browser.driver.quit)
        check_all(browser, pages, shots)
    sys.exit(f"{len(problems)} wrong" if problems else 0)


if __name__ == "__main__":
    main()
