// Draws every picture from the specification beside it. The page needs nothing from outside.
(async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const options = {
    actions: false,
    ast: true, // expressions are interpreted, so that the page's policy can forbid eval
    renderer: "svg",
    tooltip: { theme: "custom" },
    ...read("locales"),
  };
  const draw = async (place) => {
    const chart = read(`${place.dataset.of}-chart`);
    const { view } = await vegaEmbed(place, chart, options);
    offerChoice(place, view, chart.usermeta?.choices);
    offerZoom(place, view);
  };
  const offerChoice = (place, view, choices) => {
    if (!choices) return;
    const choice = place.parentElement.querySelector(".choice");
    choice.hidden = false;
    choice.addEventListener("change", ({ target }) => view.data("rows", choices[target.value]).runAsync());
  };
  const offerZoom = (place, view) => {
    const zoom = place.parentElement.querySelector(".zoom");
    if (!zoom) return;
    zoom.hidden = false;
    zoom.addEventListener("click", ({ target }) => {
      if (!target.dataset.zoom) return;
      view.signal("step", { by: Number(target.dataset.zoom) }).run();
      place.style.touchAction = view.signal("zoom") > 1 ? "none" : ""; // a finger drags the map, not the page
    });
  };
  await Promise.all([...document.querySelectorAll(".chart")].map(draw));
  document.documentElement.dataset.drawn = "yes";
})();
