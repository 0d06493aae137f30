// Notes where the Tab key leads. `begin` gives how often to press it, `end` what was wrong on the way.
({
  begin() {
    const interactive = "a[href], button, input, select, textarea, summary, [tabindex]";
    const radios = new Set();
    const is_first_of_its_radios = (it) => {
      if (it.type !== "radio") return true;
      const group = [...document.getElementsByName(it.name)].filter((other) => other.form === it.form);
      const stop = group.find((other) => other.checked) ?? group[0];
      return stop === it && !radios.has(stop) && radios.add(stop);
    };
    const stops = [...document.querySelectorAll(interactive)].filter(
      (it) =>
        it.tabIndex >= 0 &&
        !it.disabled &&
        it.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
        is_first_of_its_radios(it),
    );
    // The kit hides radios and checkboxes under what it draws itself.
    const drawn = (it) => (it.matches(".govuk-radios__input, .govuk-checkboxes__input") ? it.nextElementSibling : it);
    const look = (it) => {
      const style = getComputedStyle(drawn(it), drawn(it) === it ? null : "::before");
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor } = style;
      const is_outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return { is_outlined, seen: [is_outlined && outlineColor, boxShadow, backgroundColor].join() };
    };
    const before = new Map(stops.map((it) => [it, look(it).seen]));
    const is_in_sight = (it) => {
      const box = drawn(it).getClientRects()[0];
      const x = box.left + Math.min(box.width / 2, 10);
      const y = box.top + Math.min(box.height / 2, 10);
      const top = document.elementFromPoint(x, y);
      return top !== null && (it.contains(top) || top.contains(it) || it.parentElement.contains(top));
    };
    const named = (it) => `${it.localName} "${(it.labels?.[0] ?? it).textContent.replace(/\s+/g, " ").trim()}"`;
    const wrong = [];
    const visited = [];
    const note = (event) => {
      const here = document.activeElement;
      if (event.key !== "Tab" || here === visited.at(-1)) return; // a day has a stop for each of its parts
      visited.push(here);
      if (!before.has(here)) return;
      const { is_outlined, seen } = look(here);
      if (!is_outlined) wrong.push(`no outline, as forced colours need, on ${named(here)}`);
      if (seen === before.get(here)) wrong.push(`no visible focus on ${named(here)}`);
      if (!is_in_sight(here)) wrong.push(`focus out of sight on ${named(here)}`);
    };
    document.addEventListener("keyup", note, true);
    stops[0].focus();
    const parts = { date: 3, time: 3 }; // what more the browser's own field may have to stop at
    window.tab_stops = () => {
      document.removeEventListener("keyup", note, true);
      const other = stops.slice(1).findIndex((it, index) => it !== visited[index]);
      const came = (index) => (visited[index] ? named(visited[index]).slice(0, 100) : "nothing");
      if (other >= 0) wrong.push(`${other + 1}. stop of Tab: ${came(other)} instead of ${named(stops[other + 1])}`);
      else if (![document.body, stops[0]].includes(visited[stops.length - 1]))
        wrong.push(`Tab does not leave the page: it leads to ${came(stops.length - 1)}`);
      return wrong;
    };
    return stops.reduce((sum, it) => sum + 1 + (parts[it.type] ?? 0), 0);
  },
  end: () => window.tab_stops(),
});
