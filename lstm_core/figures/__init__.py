"""Arrays in, a Plotly figure or an SVG or HTML string out; no state, no Streamlit."""
