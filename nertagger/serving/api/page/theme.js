// The theme: that of the system, or the one that the user chose.

const KEY = "nertagger-theme";
const THEMES = ["system", "light", "dark"];

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch { // storage can be forbidden
    return "system";
  }
}

function apply(theme, shown) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  shown.textContent = theme;
}

/** Let a button change the theme. */
export function startTheme(button, shown) {
  let theme = THEMES.includes(stored()) ? stored() : "system";
  apply(theme, shown);
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    apply(theme, shown);
    try {
      localStorage.setItem(KEY, theme);
    } catch { /* it lasts as long as the page then */ }
  });
}
