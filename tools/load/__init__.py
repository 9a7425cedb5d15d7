"""Many visitors at once: websocket sessions that speak Streamlit's own messages."""
