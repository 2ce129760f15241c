"use strict";
// The page is complete without this: it only adds the filter.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const files = [...document.querySelectorAll(".file")].map((file) => ({
    element: file,
    text: file.dataset.file.toLowerCase(),
    findings: [...file.querySelectorAll(".finding")].map((finding) => ({
      element: finding,
      severity: finding.dataset.severity,
      text: finding.dataset.rule.toLowerCase(),
    })),
  }));
  const search = form.querySelector("input[type=search]");
  const total = files.reduce((sum, file) => sum + file.findings.length, 0);
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const number = (value) => value.toLocaleString("en-US");

  const filter = () => {
    const severities = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const file of files) {
      const named = file.text.includes(wanted);
      let here = 0;
      for (const finding of file.findings) {
        const passes = severities.has(finding.severity) && (named || finding.text.includes(wanted));
        finding.element.hidden = !passes;
        here += passes;
      }
      file.element.hidden = here === 0;
      count += here;
    }
    shown.textContent = count === total ? number(total) : `${number(count)} of ${number(total)}`;
    nothing.hidden = count > 0;
  };

  const unfold = document.getElementById("unfold");
  unfold.addEventListener("click", () => {
    const open = unfold.textContent === "Open all";
    for (const finding of document.querySelectorAll(".finding")) finding.open = open;
    unfold.textContent = open ? "Close all" : "Open all";
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
