/* Native form controls as Dash components: see dashboard/controls.py. */
(function () {
  "use strict";
  const own = new Set(["kind", "choices", "value", "is_late", "pause", "n_enter", "setProps", "componentPath"]);

  function attributes(props) {
    const given = {};
    for (const [name, value] of Object.entries(props)) {
      if (!own.has(name) && !name.startsWith("_dash") && value !== undefined && value !== null) {
        given[name] = value;
      }
    }
    return given;
  }

  function options(choices) {
    const groups = [];
    for (const choice of choices || []) {
      const last = groups[groups.length - 1];
      const option = React.createElement("option", { key: choice.value, value: choice.value }, choice.label);
      if (last && last.name === choice.group) last.options.push(option);
      else groups.push({ name: choice.group, options: [option] });
    }
    return groups.flatMap((group) =>
      group.name
        ? [React.createElement("optgroup", { key: "group " + group.name, label: group.name }, group.options)]
        : group.options
    );
  }

  function Control(props) {
    const { kind = "text", value, setProps, is_late, pause, n_enter } = props;
    const empty = kind === "checkbox" ? false : "";
    const [shown, show] = React.useState(value ?? empty);
    React.useEffect(() => show(value ?? empty), [value]);
    const given = attributes(props);
    const timer = React.useRef(0);
    if (kind === "file") return React.createElement("input", { ...given, type: "file" });
    const tell = (next) => {
      window.clearTimeout(timer.current);
      if (setProps && next !== value) setProps({ value: next });
    };
    const tellSoon = (next) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => tell(next), pause);
    };
    if (kind === "checkbox") {
      return React.createElement("input", {
        ...given, type: "checkbox", checked: Boolean(shown),
        onChange: (event) => { show(event.target.checked); tell(event.target.checked); },
      });
    }
    given.value = shown;
    given.onChange = (event) => {
      show(event.target.value);
      if (pause) tellSoon(event.target.value);
      else if (!is_late) tell(event.target.value);
    };
    if (is_late || pause) given.onBlur = (event) => tell(event.target.value);
    if (kind === "select") return React.createElement("select", given, options(props.choices));
    if (kind === "textarea") return React.createElement("textarea", given);
    given.onKeyDown = (event) => {
      if (event.key !== "Enter" || !setProps) return;
      window.clearTimeout(timer.current);
      setProps({ value: event.target.value, n_enter: (n_enter || 0) + 1 });
    };
    return React.createElement("input", { ...given, type: kind });
  }

  /* Plain elements: see dashboard/flat.py. Texts stay texts; nothing is read as markup. */
  function built(tree) {
    if (!Array.isArray(tree)) return tree;
    const [tag, given, children] = tree;
    return React.createElement(tag || React.Fragment, given, ...children.map(built));
  }
  function Static({ tree, stamp }) {
    return React.createElement(React.Fragment, { key: stamp }, built(tree));
  }

  /* The address of the window, and the one way to change it. What moves inside the page says so as
     dcc.Link does. The address is only ever read into Dash, never written back from what Dash last
     heard: dcc.Location does that, and goes to and fro for ever between two quick changes. */
  const moved = "_dashprivate_pushstate";
  function visit(href) {
    if (href === location.pathname + location.search) return;
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent(moved));
  }
  function Address({ href, setProps }) {
    const tell = React.useRef(setProps);
    tell.current = setProps;
    React.useEffect(() => {
      const hear = () => tell.current({ pathname: location.pathname, search: location.search });
      hear();
      window.addEventListener("popstate", hear);
      window.addEventListener(moved, hear);
      return () => {
        window.removeEventListener("popstate", hear);
        window.removeEventListener(moved, hear);
      };
    }, []);
    React.useEffect(() => {
      if (!href) return;
      tell.current({ href: null });
      visit(href);
    }, [href]);
    return null;
  }

  window.dashboard = Object.assign(window.dashboard || {}, { Address, Control, Static, visit });
})();
