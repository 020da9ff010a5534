// One socket that never closes, in place of window.WebSocket for the terminal of textual-serve.
//
// Underneath, connections come and go. What is typed is numbered and kept, here and in the
// tab's storage, until the host has said that it has taken it; after a lost connection or a reload
// the rest is sent again, and the host drops what it has had. So nothing sent is lost or doubled.
"use strict";

(() => {
  const Connection = window.WebSocket;
  const SOON = 250; // milliseconds until the first new try; then twice as long each time
  const LATEST = 5000;
  const QUIET = 10000; // milliseconds without a word until the host is asked for one
  const DEAD = 5000; // milliseconds to answer
  const PIECE = 8000; // letters in a message: 64 kB at most, however they are written
  const MOST_KEPT = 400000; // letters that may wait for a receipt
  const NOTICE_AFTER = 700; // milliseconds away before it is said: a blink disturbs nobody
  // Where the mouse was while nobody saw it means nothing later.
  const PASSING = /^(\x1b\[<\d+;\d+;\d+[Mm]|\x1b\[[IO])+$/;

  const find = (id) => document.getElementById(id);

  function remember(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A browser without storage still reconnects; only a reload may lose a character then.
    }
  }

  function recall(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function newName() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function pieces(text) {
    const found = [];
    let from = 0;
    while (from < text.length) {
      let to = Math.min(from + PIECE, text.length);
      const last = text.charCodeAt(to - 1);
      if (to < text.length && last >= 0xd800 && last < 0xdc00) to -= 1; // never half a letter
      found.push(text.slice(from, to));
      from = to;
    }
    return found;
  }

  class SeatSocket extends EventTarget {
    constructor(address) {
      super();
      const url = new URL(address, location.href);
      this.size = {
        width: Number(url.searchParams.get("width")) || 80,
        height: Number(url.searchParams.get("height")) || 24,
      };
      url.search = `?seat=${find("terminal").dataset.seat}`;
      url.protocol = url.protocol.replace("http", "ws");
      this.url = url.href;
      this.key = `tabletop ${url.pathname}${url.search}`;
      const kept = recall(this.key);
      this.window = kept?.window ?? newName();
      this.next = kept?.next ?? 1; // the number of what is typed next
      this.waiting = kept?.waiting ?? []; // [number, text] without a receipt
      this.known = kept?.known ?? false; // whether the host ever answered this window
      this.live = false; // whether the host has answered on this connection
      this.opened = false;
      this.over = false;
      this.tries = 0;
      this.binaryType = "arraybuffer";
      for (const sign of ["online", "pageshow", "focus"])
        window.addEventListener(sign, () => this.hurry());
      document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
      window.addEventListener("offline", () => this.away());
      this.connect();
    }

    // What the terminal sends: ["stdin", text], ["resize", size], ["ping", ...], focus and blur.
    send(message) {
      const [kind, value] = JSON.parse(message);
      if (kind === "stdin") this.type(value);
      else if (kind === "resize") this.resize(value);
    }

    close() {}

    type(text) {
      if (this.over || (!this.live && PASSING.test(text))) return;
      const kept = this.waiting.reduce((sum, [, piece]) => sum + piece.length, 0);
      if (kept + text.length > MOST_KEPT) {
        this.say("That was too much at once and was not sent", 5000);
        return;
      }
      for (const piece of pieces(text)) {
        this.waiting.push([this.next, piece]);
        if (this.live) this.post(["stdin", piece, this.next]);
        this.next += 1;
      }
      this.keep();
      this.expectWord();
    }

    resize(size) {
      this.size = size;
      if (this.live) this.post(["resize", size]);
    }

    keep() {
      const { window: name, next, waiting, known } = this;
      remember(this.key, { window: name, next, waiting, known });
    }

    post(message) {
      this.connection.send(JSON.stringify(message));
    }

    connect() {
      clearTimeout(this.retry);
      this.retry = undefined;
      if (this.over) return;
      const connection = new Connection(this.url);
      connection.binaryType = "arraybuffer";
      this.connection = connection;
      const current = (act) => (event) => connection === this.connection && act(event);
      connection.onopen = current(() => {
        this.post(["hello", {
          window: this.window,
          sent: this.next - 1,
          known: this.known,
          ...this.size,
          light: matchMedia("(prefers-color-scheme: light)").matches,
        }]);
        this.expectWord();
      });
      connection.onmessage = current((event) => this.hear(event.data));
      connection.onclose = current(() => this.away());
      this.expectWord(LATEST * 2);
    }

    hear(data) {
      this.heardSomething();
      if (typeof data !== "string") {
        this.dispatchEvent(new MessageEvent("message", { data }));
        return;
      }
      const [kind, value] = JSON.parse(data);
      if (kind === "taken") this.drop(value);
      else if (kind === "closed") this.end(value);
      else if (kind === "hello") this.begin(value);
    }

    begin({ taken, fresh }) {
      const lost = fresh && this.waiting.length > 0;
      this.drop(taken);
      this.next = Math.max(this.next, taken + 1);
      this.known = true;
      this.live = true;
      this.tries = 0;
      this.keep();
      if (!this.opened) {
        this.opened = true;
        this.dispatchEvent(new Event("open"));
      }
      for (const [number, text] of this.waiting) this.post(["stdin", text, number]);
      clearTimeout(this.announce);
      this.announce = undefined;
      if (lost) this.say("You were away for long: what was typed meanwhile was not kept", 8000);
      else this.say("");
    }

    drop(taken) {
      this.waiting = this.waiting.filter(([number]) => number > taken);
      this.keep();
    }

    // A connection that went without a word (a sleeping laptop, a cut cable) does not close: so
    // the host is asked for a word when it has been quiet, and given up when none comes.
    heardSomething() {
      clearTimeout(this.doubt);
      this.doubt = undefined;
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.hurry(), QUIET);
    }

    expectWord(within = DEAD) {
      this.doubt ??= setTimeout(() => this.away(), within);
    }

    hurry() {
      if (this.over) return;
      if (this.live) {
        this.post(["ping", String(Date.now() % 1e9)]);
        this.expectWord();
      } else if (this.retry) {
        this.connect();
      }
    }

    away() {
      if (this.over) return;
      clearTimeout(this.doubt);
      this.doubt = undefined;
      clearTimeout(this.quiet);
      clearTimeout(this.retry);
      this.announce ??= setTimeout(() => this.say("Connection lost, trying again"), NOTICE_AFTER);
      this.live = false;
      const gone = this.connection;
      this.connection = undefined;
      gone?.close();
      const pause = Math.min(LATEST, SOON * 2 ** this.tries) * (0.75 + Math.random() / 2);
      this.tries += 1;
      this.retry = setTimeout(() => this.ask(), pause);
    }

    // A refused WebSocket does not say why; this does.
    async ask() {
      this.retry = undefined;
      try {
        const place = new URL(this.url);
        place.protocol = place.protocol.replace("ws", "http");
        place.pathname = place.pathname.replace(/ws$/, "seat");
        const answer = await fetch(place, {
          cache: "no-store",
          signal: AbortSignal.timeout(DEAD),
        });
        if (answer.status === 403) {
          this.end((await answer.json()).why);
          return;
        }
      } catch {
        // Not there yet: trying to connect finds out when it is.
      }
      this.connect();
    }

    end(why) {
      this.over = true;
      this.live = false;
      for (const timer of [this.doubt, this.quiet, this.retry, this.announce]) clearTimeout(timer);
      this.connection?.close();
      this.say("");
      find("why").textContent = why;
      find("terminal").hidden = true;
      find("ended").hidden = false;
      find("again").focus();
    }

    say(text, milliseconds) {
      const notice = find("notice");
      notice.textContent = text;
      notice.hidden = !text;
      if (milliseconds) setTimeout(() => notice.textContent === text && this.say(""), milliseconds);
    }
  }

  window.WebSocket = SeatSocket;
})();
