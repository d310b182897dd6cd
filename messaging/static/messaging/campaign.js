// Asks how far the campaign or bulk is, every two seconds while it moves, and redraws its bar. A state that changes the buttons
// loads the page anew.
(() => {
  const card = document.getElementById("ngw-progress");
  if (!card || !card.dataset.moving) return;
  const state = card.querySelector(".ngw-state");
  const bar = card.querySelector(".ngw-bar");
  const legend = card.querySelector(".ngw-legend");
  const facts = card.querySelector(".ngw-live");

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const draw = (progress) => {
    state.textContent = progress.state;
    state.className = `ngw-state ngw-${progress.colour}`;
    card.querySelector(".ngw-reason").textContent = progress.reason;
    bar.replaceChildren(...progress.parts.map((part) => {
      const piece = element("span", `ngw-fill-${part.colour}`);
      piece.style.width = `${part.percent}%`;
      return piece;
    }));
    legend.replaceChildren(...progress.parts.map((part) => {
      const line = element("li");
      line.append(element("i", `ngw-fill-${part.colour}`), `${part.word} `, element("b", "", part.count));
      return line;
    }));
    facts.replaceChildren(...progress.facts.flatMap(([label, value]) => [element("dt", "", label), element("dd", "", value)]));
  };

  const ask = async () => {
    try {
      const answer = await fetch(card.dataset.url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000) });
      if (answer.ok) {
        const progress = await answer.json();
        const before = state.textContent;
        draw(progress);
        if (before !== progress.state && document.activeElement === document.body) return window.location.reload();
        if (!progress.moving) return undefined;
      }
    } catch (error) {
      console.warn("progress", error);
    }
    return window.setTimeout(ask, 2000);
  };
  window.setTimeout(ask, 2000);
})();
