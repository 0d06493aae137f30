// Before the first paint: tells the kit's style sheet that its scripts run (GOV.UK Frontend does this inline).
(() => {
  const page = document.documentElement;
  const mark = () => {
    document.body.classList.add("js-enabled");
    if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
  };
  if (document.body) { mark(); return; }
  const watch = new MutationObserver(() => { if (document.body) { watch.disconnect(); mark(); } });
  watch.observe(page, { childList: true });
})();
