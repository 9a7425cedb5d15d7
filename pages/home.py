"""The home page: what the app is, and where each topic of the lecture comes to life."""

import streamlit as st

from lstm_core.lessons.chapters import CHAPTERS, LECTURE

st.title("Inside an LSTM")
st.markdown(
    "#### See a recurrent network compute, step through it, break it, and let a trained one read "
    "your review.\n\n"
    "**The code that you step through is the code that reads the review.** There is one LSTM in "
    "this app, written in NumPy to be read. It runs on three numbers on the page of the cell, and "
    "with the weights that a training left on the page that reads reviews."
)
columns = st.columns(2)
for place, chapter in enumerate(CHAPTERS):
    with columns[place % 2].container(border=True):
        st.page_link(chapter.file, label=f"**{chapter.title}**", icon="➡️")
        st.markdown(f"*{chapter.question}*\n\n{chapter.summary}")

st.subheader("From the lecture to the pages")
st.markdown(
    "| Topic of the lecture | Where | What to do there |\n| --- | --- | --- |\n"
    + "\n".join(
        f"| {topic.name} | "
        + (f"[{topic.chapter.title}]({topic.chapter.path})" if topic.chapter else "–")
        + f" | {topic.where} |"
        for topic in LECTURE
    )
)
st.caption(
    "On the pages with steps, the left and right arrow keys step. The address in the "
    "browser holds what you chose: copy it to come back to it."
)
