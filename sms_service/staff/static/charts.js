// Draws each chart from the table beside it, so both always say the same. Without this script the table is all there is.
(() => {
  const zone = "Europe/London";
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const dayOf = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  // Told apart without colour too, by their dashes.
  const strokes = () => (dark.matches ? ["#6aaee8", "#ffb566", "#ff8f8f"] : ["#1d70b8", "#b35900", "#b10e1e"]);
  const dashes = [[], [6, 4], [2, 3]];
  const plots = [];

  const read = (table) => {
    const rows = [...table.tBodies[0].rows];
    const times = rows.map((row) => Date.parse(row.querySelector("time").dateTime) / 1000);
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
    const values = names.map((_, index) =>
      rows.map((row) => {
        const figure = row.cells[index + 1].querySelector("data");
        return figure && Number(figure.value);
      }),
    );
    return { times, names, values };
  };

  const marksOf = (id) => {
    const caption = document.getElementById(id);
    const table = caption && caption.closest("table");
    if (!table) return [];
    return [...table.tBodies[0].rows].map((row) => ({
      at: Date.parse(row.querySelector("time").dateTime) / 1000,
      name: row.cells[0].textContent.trim(),
    }));
  };

  const drawMarks = (marks, colour) => (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.textAlign = "left";
    ctx.setLineDash([3, 3]);
    for (const mark of marks) {
      const x = plot.valToPos(mark.at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(`Release ${mark.name}`, x + 4, bbox.top + 12 * devicePixelRatio);
    }
    ctx.restore();
  };

  const draw = (place) => {
    const table = document.getElementById(place.dataset.chartOf)?.closest("table");
    if (!table) return;
    const { times, names, values } = read(table);
    const style = getComputedStyle(document.body);
    const ink = style.color;
    const grid = { stroke: dark.matches ? "#3a424a" : "#d5d7d9", width: 1 };
    const long = times.length > 1 && times[times.length - 1] - times[0] > 2 * 86400;
    place.hidden = false;
    place.replaceChildren();
    const options = {
      width: Math.max(240, place.clientWidth),
      height: 240,
      series: [
        {},
        ...names.map((label, index) => ({
          label,
          stroke: strokes()[index],
          dash: dashes[index],
          width: 2,
          points: { show: times.length < 40 },
        })),
      ],
      axes: [
        {
          stroke: ink,
          grid,
          space: 70,
          incrs: long ? [1, 2, 7, 14].map((days) => days * 86400) : [1, 2, 4, 6, 12].map((hours) => hours * 3600),
          values: (_, splits) => splits.map((at) => (long ? dayOf : clock).format(at * 1000)),
        },
        { stroke: ink, grid, size: 60, values: (_, splits) => splits.map((value) => value.toLocaleString("en-GB")) },
      ],
      scales: { y: { range: (_, low, high) => [0, Math.max(1, (high || 0) * 1.1)] } },
      // Names and dashes only: the figures stand in the table beside it.
      legend: { live: false, markers: { dash: (_, index) => ["solid", "dashed", "dotted"][index - 1] } },
      hooks: { draw: [drawMarks(marksOf(place.dataset.marksOf), ink)] },
    };
    const plot = new uPlot(options, [times, ...values], place);
    for (const canvas of place.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
    plots.push({ place, plot });
  };

  const drawAll = () => {
    for (const { plot } of plots.splice(0)) plot.destroy();
    document.querySelectorAll(".chart__plot").forEach(draw);
  };

  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150);
  };
  drawAll();
  window.addEventListener("resize", again);
  dark.addEventListener("change", again);
})();
