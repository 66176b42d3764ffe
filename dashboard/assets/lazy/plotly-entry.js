// plotly.js with the traces that are drawn, and Dutch: see LICENSES.txt.
const Plotly = require('plotly.js/lib/core');
Plotly.register([require('plotly.js/lib/bar'), require('plotly.js/lib/heatmap'), require('plotly.js/lib/locales/nl')]);
window.Plotly = Plotly;
