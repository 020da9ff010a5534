// A phone draws the page as wide as a console must be, and scales it to fit, however it is held.
// Elsewhere this means nothing: a window that is too small says so there, as any terminal does.
"use strict";

(() => {
  const WIDTH = 812; // pixels that 80 columns take, and 24 rows
  const HEIGHT = 520;

  function fit() {
    const long = Math.max(screen.width, screen.height);
    const short = Math.min(screen.width, screen.height);
    const lies = screen.orientation?.type.startsWith("landscape") ?? innerWidth > innerHeight;
    const [width, height] = lies ? [long, short] : [short, long];
    const wide = Math.ceil(width * Math.max(1, WIDTH / width, HEIGHT / height));
    document.querySelector("meta[name=viewport]").content =
      `width=${wide}, initial-scale=${width / wide}`;
    document.documentElement.style.fontSize = `${(16 * wide) / width}px`; // of notes, not of cells
  }

  fit();
  screen.orientation?.addEventListener("change", fit);
})();
