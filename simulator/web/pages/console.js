// The page around the terminal: its fonts, its focus, its keys.
"use strict";

(() => {
  const FONTS = ["16px", "bold 16px", "italic 16px", "italic bold 16px"];
  const FONTS_WITHIN = 4000; // milliseconds; then it begins with the fonts that are there

  // What belongs to the browser is not the terminal's: zoom, tabs, reload by F5, developer tools,
  // full screen, pasting. On a Mac nothing with the command key is.
  function belongsToBrowser(event) {
    if (event.metaKey || ["F5", "F11", "F12"].includes(event.key)) return true;
    if (event.altKey) return ["ArrowLeft", "ArrowRight", "Home", "d", "f", "e"].includes(event.key);
    if (!event.ctrlKey) return false;
    return event.shiftKey || ["v", "+", "-", "=", "0", "Tab", "PageUp", "PageDown"].includes(event.key)
      || /^[1-9]$/.test(event.key);
  }

  const start = window.onload; // of textual.js, which would not wait for the fonts
  window.onload = async () => {
    const fonts = Promise.all(FONTS.map((font) => document.fonts.load(`${font} "Roboto Mono"`, "a⣿●")));
    const enough = new Promise((resolve) => setTimeout(resolve, FONTS_WITHIN));
    await Promise.race([fonts.catch(() => {}), enough]);
    start();
    const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
    focus();
    window.addEventListener("focus", focus);
    for (const kind of ["keydown", "keypress", "keyup"])
      window.addEventListener(kind, (event) => {
        if (belongsToBrowser(event)) event.stopImmediatePropagation();
      }, true);
  };
})();
