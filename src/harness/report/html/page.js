// What a page can do besides being read: filter, sort, and show values under the pointer.
"use strict";

(() => {
    const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
    const byId = (id) => document.getElementById(id);
    // What the filter looks at: what is inside of something named goes with that.
    const named = all("tr[data-name], div[data-name]")
        .filter((element) => !element.parentElement.closest("[data-name]"));
    const groups = all("details.group");

    // ---- filter ----

    // A row takes those below it that have no name of their own along.
    const partsOf = (row) => {
        const parts = [];
        for (let next = row.nextElementSibling; next && !("name" in next.dataset);
            next = next.nextElementSibling)
            parts.push(next);
        return parts;
    };

    const show = (element, visible) => {
        element.hidden = !visible;
        if (element.tagName === "TR")
            partsOf(element).forEach((part) => { part.hidden = !visible; });
    };

    const filter = () => {
        const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
        const changed = byId("changed").checked;
        let count = 0;

        named.forEach((element) => {
            const name = element.dataset.name.toLowerCase();
            const visible = words.every((word) => name.includes(word)) &&
                (!changed || element.classList.contains("changed"));
            show(element, visible);
            count += visible;
        });
        groups.forEach((group) => {
            const inside = named.filter((element) => group.contains(element));
            group.hidden = inside.length > 0 && inside.every((element) => element.hidden);
            if ((words.length || changed) && !group.hidden)
                group.open = true;
        });
        byId("count").value = words.length || changed ? `${count} of ${named.length} shown` : "";
    };

    // ---- sort ----

    const keyOf = (row, column) => {
        const cell = row.cells[column];
        if (!cell)
            return "";
        if ("value" in cell.dataset)
            return Number(cell.dataset.value);
        return /\b(number|marks)\b/.test(cell.className) ? NaN : cell.textContent;
    };

    // What has no number comes last, whichever the direction.
    const compare = (a, b, direction) => {
        if (typeof a === "number" && typeof b === "number")
            return isNaN(a) - isNaN(b) || direction * (a - b) || 0;
        return direction * String(a).localeCompare(String(b), "en", { numeric: true });
    };

    const sort = (heading) => {
        const body = heading.closest("table").tBodies[0];
        const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        const rows = [...body.rows].filter((row) => "name" in row.dataset)
            .map((row) => ({ rows: [row, ...partsOf(row)], key: keyOf(row, heading.cellIndex) }));

        rows.sort((a, b) => compare(a.key, b.key, direction));
        rows.forEach((entry) => body.append(...entry.rows));
        all("th", heading.parentElement).forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    };

    const makeSortable = (table) => {
        if (table.closest("[data-name]") || all("tbody tr[data-name]", table).length < 2)
            return;
        all("thead th", table).forEach((heading) => {
            const button = document.createElement("button");
            const text = heading.firstChild;
            if (!text || text.nodeType !== Node.TEXT_NODE)
                return;
            button.textContent = text.textContent;
            button.addEventListener("click", () => sort(heading));
            text.replaceWith(button);
        });
    };

    // ---- values under the pointer ----

    const scaled = (value, unit) => {
        const units = { ns: ["ns", "µs", "ms", "s"], bytes: ["B", "kB", "MB", "GB"] }[unit];
        let power = 0;
        if (!units)
            return `${Number(value.toPrecision(4))} ${unit}`;
        for (; Math.abs(value) >= 999.95 && power < 3; power++)
            value /= 1000;
        return `${Number(value.toPrecision(4))} ${units[power]}`;
    };

    const pointsOf = (path) => [...path.getAttribute("d").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)]
        .map((match) => [Number(match[1]), Number(match[2])]);

    const heightAt = (points, x) => {
        const next = points.findIndex((point) => point[0] >= x);
        if (next < 0)
            return points[points.length - 1][1];
        if (next === 0)
            return points[0][1];
        const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0 || 1);
    };

    const valueAt = (svg, share) => {
        const [kind, low, high] = svg.dataset.x.split(" ");
        return kind === "log" ? low * (high / low) ** share : +low + (high - low) * share;
    };

    const read = (svg, cursor, output) => (event) => {
        const box = svg.getBoundingClientRect();
        const [left, right, top, bottom] = svg.dataset.box.split(" ").map(Number);
        const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        const inside = x >= left && x <= right;
        const names = all(".legend li", svg.closest("[data-name]"));
        const curves = all(".curve", svg).slice(0, names.length).map((curve) => all("path", curve));

        cursor.setAttribute("visibility", inside ? "visible" : "hidden");
        cursor.setAttribute("x1", x);
        cursor.setAttribute("x2", x);
        output.value = !inside ? "" : [
            scaled(valueAt(svg, (x - left) / (right - left)), svg.dataset.reading),
            ...curves.map((paths, index) => {
                const points = paths.flatMap(pointsOf);
                const share = points.length ?
                    (bottom - heightAt(points, x)) / (bottom - top) * svg.dataset.top : 0;
                return `${(100 * Math.min(Math.max(share, 0), 1)).toFixed(1)} % ` +
                    names[index].dataset.label;
            })].join("\n");
    };

    const makeReadable = (svg) => {
        const cursor = document.createElementNS(svg.namespaceURI, "line");
        const output = document.createElement("output");
        const [, , top, bottom] = svg.dataset.box.split(" ");

        cursor.setAttribute("class", "cursor");
        cursor.setAttribute("visibility", "hidden");
        cursor.setAttribute("y1", top);
        cursor.setAttribute("y2", bottom);
        output.className = "reading";
        svg.append(cursor);
        svg.after(output);
        const move = read(svg, cursor, output);
        svg.addEventListener("pointermove", move);
        svg.addEventListener("pointerleave", () => move({ clientX: -1e9 }));
    };

    // ---- paper ----

    // What is closed would be a heading alone.
    let opened = [];
    const openForPaper = () => {
        opened = groups.filter((group) => !group.open);
        opened.forEach((group) => { group.open = true; });
    };
    const closeAgain = () => opened.forEach((group) => { group.open = false; });

    // ---- begin ----

    byId("tools").hidden = named.length < 2;
    byId("changed-box").hidden = !document.querySelector(".changed");
    byId("open-all").hidden = byId("close-all").hidden = groups.length < 2;
    byId("tools").addEventListener("submit", (event) => event.preventDefault());
    byId("filter").addEventListener("input", filter);
    byId("changed").addEventListener("change", filter);
    byId("open-all").addEventListener("click", () => groups.forEach((g) => { g.open = true; }));
    byId("close-all").addEventListener("click", () => groups.forEach((g) => { g.open = false; }));
    window.addEventListener("beforeprint", openForPaper);
    window.addEventListener("afterprint", closeAgain);
    all("table").forEach(makeSortable);
    all("svg[data-reading]").forEach(makeReadable);
})();
